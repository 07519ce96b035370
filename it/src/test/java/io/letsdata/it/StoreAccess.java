// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The prefixes of the stack's bucket that the sessions of a class of tests use. {@link StoreFence}
 * has everything else refused, and fails the class for it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface StoreAccess {
  /** Prefixes of run locations. */
  String[] runs() default {"runs"};

  /** Prefixes of inputs and outputs. */
  String[] data() default {};

  /** Whether something of the class cleans up with the identity for it. */
  boolean cleaner() default false;

  /** Whether a refused request is what the class is about. */
  boolean refusalsExpected() default false;
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Users may depend on this: it changes in a major version only, and is deprecated for one minor
 * version before it is removed. Its signatures name no {@link Internal} type.
 *
 * <p>A type without its own marker has that of the type around it. The marker is in the class file,
 * where build tools read it, and costs nothing at run time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.FIELD})
@Public
public @interface Public {}

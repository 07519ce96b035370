// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The ERROR lines that a test, or a class of tests, causes in the driver's log. {@link ErrorLog}
 * fails a class for any other.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface ExpectedErrors {

  /**
   * Regular expressions. A line is {@code <logger>: <message>}, the logger without its package,
   * followed by {@code (<exception>)} where there is one; an expression must be found in it.
   */
  String[] value();
}

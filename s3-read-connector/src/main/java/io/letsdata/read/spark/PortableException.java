// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes exceptions that a driver can read back. A driver that lacks the class of one cause cannot
 * read the failure at all, and shows {@code UnknownReason} instead of the message. Pure.
 */
final class PortableException {
  /** Classes that every driver with this data source has. */
  private static final List<String> ON_THE_DRIVER =
      List.of(
          "java.", "javax.", "scala.", "org.apache.", "software.amazon.awssdk.", "io.letsdata.");

  /** A cause chain may be circular. */
  private static final int MAX_DEPTH = 50;

  private PortableException() {}

  /**
   * {@code failure} itself when a driver has all classes of its causes and suppressed exceptions;
   * otherwise a copy as {@link IOException}s with the class in the message, and the same stack
   * trace.
   */
  static Throwable of(Throwable failure) {
    return isPortable(failure, MAX_DEPTH) ? failure : copy(failure, MAX_DEPTH);
  }

  private static boolean isPortable(@Nullable Throwable failure, int depth) {
    if (failure == null || depth == 0) {
      return true;
    }
    if (ON_THE_DRIVER.stream().noneMatch(failure.getClass().getName()::startsWith)) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isPortable(suppressed, depth - 1)) {
        return false;
      }
    }
    return isPortable(failure.getCause(), depth - 1);
  }

  private static Throwable copy(Throwable failure, int depth) {
    Throwable cause = failure.getCause();
    IOException copy =
        new IOException(
            failure.toString(), cause == null || depth == 0 ? null : copy(cause, depth - 1));
    copy.setStackTrace(failure.getStackTrace());
    for (Throwable suppressed : failure.getSuppressed()) {
      if (depth > 0) {
        copy.addSuppressed(copy(suppressed, depth - 1));
      }
    }
    return copy;
  }
}

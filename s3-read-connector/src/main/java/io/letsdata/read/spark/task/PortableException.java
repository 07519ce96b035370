// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.filesystem.StorePath;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes exceptions that a driver can read back and a user understands. A driver that lacks the
 * class of one cause cannot read the failure at all, and shows {@code UnknownReason} instead of the
 * message. Users do not know the paths of the store's file system. Pure.
 */
@Internal
public final class PortableException {
  /** Classes that every driver with this data source has. */
  private static final List<String> ON_THE_DRIVER =
      List.of(
          "java.", "javax.", "scala.", "org.apache.", "software.amazon.awssdk.", "io.letsdata.");

  private static final Pattern PRIVATE_PATH =
      Pattern.compile(StorePath.SCHEME + "://([^/\\s]+)/[^/\\s]+/");

  /** A cause chain may be circular. */
  private static final int MAX_DEPTH = 50;

  private PortableException() {}

  /** A message of a decoder, with the path of the object as users know it. */
  public static String shown(@Nullable String message) {
    String text = String.valueOf(message);
    return text.contains(StorePath.SCHEME)
        ? PRIVATE_PATH
            .matcher(text)
            .replaceAll("s3://$1/")
            .replace("/~5f", "/_")
            .replace("/~2e", "/.")
        : text;
  }

  /** The deepest cause. */
  public static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < MAX_DEPTH; depth++) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * {@code failure} itself when a driver has all classes of its causes and suppressed exceptions
   * and no message has a private path; otherwise a copy as {@link IOException}s with the class in
   * the message, and the same stack trace.
   */
  public static Throwable of(Throwable failure) {
    return isPortable(failure, MAX_DEPTH) ? failure : copy(failure, MAX_DEPTH);
  }

  private static boolean isPortable(@Nullable Throwable failure, int depth) {
    if (failure == null || depth == 0) {
      return true;
    }
    boolean known = ON_THE_DRIVER.stream().anyMatch(failure.getClass().getName()::startsWith);
    if (!known || String.valueOf(failure.getMessage()).contains(StorePath.SCHEME)) {
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
            shown(failure.toString()), cause == null || depth == 0 ? null : copy(cause, depth - 1));
    copy.setStackTrace(failure.getStackTrace());
    for (Throwable suppressed : failure.getSuppressed()) {
      if (depth > 0) {
        copy.addSuppressed(copy(suppressed, depth - 1));
      }
    }
    return copy;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ObjectLocation;
import java.util.regex.Pattern;

/**
 * The locations of one writer's objects. Pure.
 *
 * @param output that has the keys
 * @param layout decides the prefix
 * @param partition of the task
 * @param taskId Spark's, unique in the application
 * @param nonce of the writer
 * @param extension without leading dot
 */
record ObjectNames(
    OutputLayout output,
    Layout layout,
    int partition,
    long taskId,
    String nonce,
    String extension) {
  /** The text after the prefix, in both layouts. */
  private static final Pattern NAME =
      Pattern.compile("\\d{5,}-\\d+-[A-Za-z0-9_-]+\\.[A-Za-z0-9.]+");

  /** The location of the writer's object with index {@code number}, from 0. */
  ObjectLocation location(int number) {
    String unique = number == 0 ? nonce : nonce + "-" + number;
    String dataKey = output.dataKey(partition, taskId, unique, extension);
    return new ObjectLocation(
        output.bucket(), layout == Layout.PLAIN ? plainKey(output, dataKey) : dataKey);
  }

  /** The prefix of all keys of the plain layout, and of no other key. */
  static String plainPrefix(OutputLayout output) {
    String data = output.dataPrefix();
    return data.substring(0, data.length() - "data/".length()) + "part-";
  }

  /** Whether {@link #location} can have made this location for the plain layout of the output. */
  static boolean isPlain(OutputLayout output, ObjectLocation location) {
    String prefix = plainPrefix(output);
    return location.bucket().equals(output.bucket())
        && location.key().startsWith(prefix)
        && NAME.matcher(location.key().substring(prefix.length())).matches();
  }

  /** Whether {@link #location} can have made this location for the layout of manifests. */
  static boolean isData(OutputLayout output, ObjectLocation location) {
    String prefix = output.dataPrefix();
    return location.bucket().equals(output.bucket())
        && location.key().startsWith(prefix)
        && NAME.matcher(location.key().substring(prefix.length())).matches();
  }

  private static String plainKey(OutputLayout output, String dataKey) {
    return plainPrefix(output) + dataKey.substring(output.dataPrefix().length());
  }
}

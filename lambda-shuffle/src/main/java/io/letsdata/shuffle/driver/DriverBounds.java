// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.options.Internal;

/**
 * Bounds of the driver's memory for all shuffles together, and of the tables that it sends.
 *
 * @param indexBytes of encoded map outputs; beyond it they are moved to the store as tables
 * @param inlineBytes of outputs that are in no object; beyond it the driver stores their objects
 * @param payloadBytes a table up to this rides along with each task
 * @param stageBytes the most bytes of tables that ride along with a whole stage
 */
@Internal
public record DriverBounds(long indexBytes, long inlineBytes, int payloadBytes, long stageBytes) {
  /** 64 MiB, 32 MiB, 512 KiB, 64 MiB. */
  public static final DriverBounds DEFAULT =
      new DriverBounds(64 << 20, 32 << 20, 512 << 10, 64 << 20);

  /**
   * Whether a table rides along with its tasks, instead of one PUT and one or two GETs a task.
   *
   * @param smallBytes a table up to this rides along in any case
   */
  public boolean ridesAlong(int tableBytes, int smallBytes, int tasks) {
    return tableBytes <= smallBytes
        || (tableBytes <= payloadBytes && (long) tableBytes * tasks <= stageBytes);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.plan;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;

/**
 * A range of an object that one task reads. A decoder owns the records that begin in {@code
 * [startByte, endByte)}, as Hadoop's splits do.
 *
 * @param endByte exclusive; {@link #TO_THE_END} when the piece reaches the end of the object,
 *     however long it is
 */
@Internal
public record Piece(ManifestEntry file, long startByte, long endByte) {
  /** The end of a piece that reaches the end of the object. */
  public static final long TO_THE_END = Long.MAX_VALUE;

  /** All of an object. */
  static Piece whole(ManifestEntry file) {
    return new Piece(file, 0, TO_THE_END);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The locations of one application's shuffle objects: SPEC.md section 3. Immutable.
 *
 * @param root of the application's own objects
 */
@Internal
public record ShuffleLayout(ObjectLocation root) {
  /**
   * The object of one map output: {@code <root>/shuffle/<2 hex
   * digits>/<shuffleId>-<mapId>-<nonce>}. The digits are a hash of the name, so that S3, which
   * limits requests by key prefix, can spread the keys.
   */
  public ObjectLocation dataLocation(int shuffleId, long mapId, String nonce) {
    return location(shuffleId + "-" + mapId + "-" + nonce);
  }

  /** A table of offsets: {@code <root>/shuffle/<2 hex digits>/<shuffleId>-offsets-<nonce>}. */
  public ObjectLocation tableLocation(int shuffleId, String nonce) {
    return location(shuffleId + "-offsets-" + nonce);
  }

  /** The object of a merge: {@code <root>/shuffle/<2 hex digits>/<shuffleId>-merged-<nonce>}. */
  public ObjectLocation mergedLocation(int shuffleId, String nonce) {
    return location(shuffleId + "-merged-" + nonce);
  }

  private ObjectLocation location(String name) {
    CRC32C hash = new CRC32C();
    hash.update(name.getBytes(StandardCharsets.US_ASCII));
    return root.resolve(
        "shuffle/" + HexFormat.of().toHexDigits((byte) hash.getValue()) + "/" + name);
  }

  /** As {@link #dataLocation(int, long, String)}. */
  public ObjectLocation dataLocation(int shuffleId, MapRef map) {
    return dataLocation(shuffleId, map.mapId(), map.nonce());
  }
}

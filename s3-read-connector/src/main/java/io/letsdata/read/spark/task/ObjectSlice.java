// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.read.plan.Piece;
import io.letsdata.store.ObjectLocation;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.InternalRow$;

/**
 * The part of one object that a task reads: all of it, or a range. It is serialized to the worker,
 * so it has no Optional (not serializable).
 *
 * @param lengthBytes length of the object, or {@link #UNKNOWN}
 * @param etagOrEmpty etag of the object, or empty when unknown
 * @param keyValues values of the columns that are in the key, as far as the scan needs them
 * @param startByte where the range begins
 * @param endByte where it ends, exclusive; {@link Piece#TO_THE_END} when at the object's end
 * @param line place of the object in the manifest, from 1; 0 when the scan does not need it
 */
@Internal
public record ObjectSlice(
    ObjectLocation location,
    long lengthBytes,
    String etagOrEmpty,
    InternalRow keyValues,
    long startByte,
    long endByte,
    long line)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public static final long UNKNOWN = -1;

  /** All of an object. */
  public static ObjectSlice of(ManifestEntry file) {
    return of(new Piece(file, 0, Piece.TO_THE_END), InternalRow$.MODULE$.empty(), 0);
  }

  public static ObjectSlice of(Piece piece, InternalRow keyValues, long line) {
    ManifestEntry file = piece.file();
    return new ObjectSlice(
        new ObjectLocation(file.bucket(), file.key()),
        file.lengthBytes().orElse(UNKNOWN),
        file.etag().orElse(""),
        keyValues,
        piece.startByte(),
        piece.endByte(),
        line);
  }

  public Optional<String> etag() {
    return etagOrEmpty.isEmpty() ? Optional.empty() : Optional.of(etagOrEmpty);
  }

  /** Whether it is all of the object. */
  public boolean isWhole() {
    return startByte == 0 && endByte == Piece.TO_THE_END;
  }

  /**
   * The number of bytes from {@link #startByte}.
   *
   * @param objectBytes length of the object; {@link #UNKNOWN} gives {@link #UNKNOWN}
   */
  public long bytesOf(long objectBytes) {
    return objectBytes == UNKNOWN ? UNKNOWN : Math.min(endByte, objectBytes) - startByte;
  }
}

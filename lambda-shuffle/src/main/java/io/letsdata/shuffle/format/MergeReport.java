// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.Arrays;

/**
 * The result of a merge: the length of the extent of each of its partitions; extents are back to
 * back. SPEC.md section 6. Immutable; the array is not copied.
 *
 * @param nonce of the {@link MergeJob}
 * @param extentBytes for each partition of the job; 0 when it has nothing or was left out
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // equality is by content, see below
public record MergeReport(int shuffleId, String nonce, long[] extentBytes) {
  private static final int VERSION = 1;

  /** Bytes of all extents; 0 means that no object exists. */
  public long totalBytes() {
    return Arrays.stream(extentBytes).sum();
  }

  /** For the way to the driver; {@link #decode} is its inverse. */
  public byte[] encode() {
    ByteSink sink = new ByteSink(32 + 4 * extentBytes.length);
    sink.u8(VERSION).varint(shuffleId).text(nonce).varint(extentBytes.length);
    for (long bytes : extentBytes) {
      sink.varint(bytes);
    }
    return sink.toByteArray();
  }

  /**
   * Inverse of {@link #encode}.
   *
   * @throws ShuffleFormatException when the bytes are clipped, too long, or of an unknown version
   */
  public static MergeReport decode(byte[] encoded) throws ShuffleFormatException {
    ByteSource source = new ByteSource("a merge report", encoded, 0, encoded.length);
    int version = source.u8();
    if (version != VERSION) {
      throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
    }
    int shuffleId = source.count("the shuffle id", Integer.MAX_VALUE);
    String nonce = source.text(MapRef.MAX_NONCE_LENGTH);
    long[] extentBytes = new long[source.count("the number of extents", source.remaining())];
    for (int i = 0; i < extentBytes.length; i++) {
      extentBytes[i] = source.varint("an extent's length", Integer.MAX_VALUE);
    }
    source.end();
    return new MergeReport(shuffleId, nonce, extentBytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MergeReport that
        && shuffleId == that.shuffleId
        && nonce.equals(that.nonce)
        && Arrays.equals(extentBytes, that.extentBytes);
  }

  @Override
  public int hashCode() {
    return 31 * nonce.hashCode() + Arrays.hashCode(extentBytes);
  }

  @Override
  public String toString() {
    return "MergeReport[shuffle " + shuffleId + ", " + nonce + ", " + totalBytes() + " bytes]";
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The report of a map output to the driver: the positions of its segments, and of a small output
 * the segments themselves, which are then in no object. SPEC.md section 2. Immutable; the array is
 * not copied.
 */
@Internal
public final class MapReport {
  private static final int VERSION = 1;
  private static final int STORED = 0;
  private static final int INLINE = 1;

  private final MapOutput output;
  private final byte @Nullable [] inline;

  private MapReport(MapOutput output, byte @Nullable [] inline) {
    this.output = output;
    this.inline = inline;
  }

  /** An output that has its object, or that has no byte. */
  public static MapReport stored(MapOutput output) {
    return new MapReport(output, null);
  }

  /**
   * An output that is in no object.
   *
   * @param segments all of them, back to back
   */
  public static MapReport inline(MapOutput output, byte[] segments) {
    if (segments.length != output.totalBytes()) {
      throw new IllegalArgumentException(
          "Invalid report of " + output + ": it carries " + segments.length + " bytes");
    }
    return new MapReport(output, segments);
  }

  /** Lengths and checksums. */
  public MapOutput output() {
    return output;
  }

  /** The segments back to back, when they are in no object. */
  public Optional<byte[]> inline() {
    return Optional.ofNullable(inline);
  }

  /** For the way to the driver; {@link #decode} is its inverse. */
  public byte[] encode() {
    byte[] index = output.encode();
    byte[] segments = inline;
    int inlineBytes = segments == null ? 0 : segments.length;
    ByteSink sink = new ByteSink(index.length + inlineBytes + 8);
    sink.u8(VERSION).u8(segments == null ? STORED : INLINE).varint(index.length).raw(index);
    return segments == null ? sink.toByteArray() : sink.raw(segments).toByteArray();
  }

  /**
   * Inverse of {@link #encode}.
   *
   * @param partitionsOf gives a shuffle's number of partitions, -1 for an unknown one: a few bytes
   *     can claim millions
   * @throws ShuffleFormatException when the bytes are clipped, too long, of an unknown version, or
   *     of a shuffle that is unknown or has other partitions
   */
  public static MapReport decode(byte[] encoded, IntUnaryOperator partitionsOf)
      throws ShuffleFormatException {
    ByteSource source = new ByteSource("a map report", encoded, 0, encoded.length);
    int version = source.u8();
    if (version != VERSION) {
      throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
    }
    int kind = source.u8();
    int indexBytes = source.count("the length of the index", source.remaining());
    if (kind > INLINE || indexBytes > source.remaining()) {
      throw source.damaged("it ends too early, or is of kind " + kind);
    }
    int end = source.position() + indexBytes;
    MapOutput output =
        MapOutputCodec.decode(Arrays.copyOfRange(encoded, source.position(), end), partitionsOf);
    long expected = kind == INLINE ? output.totalBytes() : 0;
    if (encoded.length - end != expected) {
      throw source.damaged(
          "it carries " + (encoded.length - end) + " bytes of segments, not " + expected);
    }
    return kind == INLINE
        ? inline(output, Arrays.copyOfRange(encoded, end, encoded.length))
        : stored(output);
  }
}

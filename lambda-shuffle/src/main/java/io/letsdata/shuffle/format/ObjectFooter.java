// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last {@value #BYTES} bytes of an object that ends with an index of its segments: SPEC.md
 * section 4. Immutable.
 *
 * @param dataBytes bytes before the index
 */
record ObjectFooter(long dataBytes, int indexBytes, int indexCrc32c) {
  static final int BYTES = 32;
  private static final int VERSION = 2;

  /** Index and footer, which end the object. */
  static byte[] tail(String magic, long dataBytes, byte[] index) {
    ByteSink footer = new ByteSink(BYTES);
    footer.u64(dataBytes).u32(index.length).u32(MapObject.crc32c(index, 0, index.length));
    footer.u32(VERSION);
    footer.u32(MapObject.crc32c(footer.toByteArray(), 0, footer.size()));
    footer.raw(magic.getBytes(StandardCharsets.US_ASCII));
    return new ByteSink(index.length + BYTES).raw(index).raw(footer).toByteArray();
  }

  /**
   * Reads the footer and checks it against the object's length.
   *
   * @param what kind of object, as in "a map output"
   * @param last the last bytes of the object
   * @throws ShuffleFormatException when there is no whole footer of a known version
   */
  static ObjectFooter parse(String what, String magic, byte[] last, long objectBytes)
      throws ShuffleFormatException {
    int start = last.length - BYTES;
    if (start < 0) {
      throw new ShuffleFormatException(
          "Cannot read "
              + what
              + "'s footer: the object has "
              + last.length
              + " bytes, a footer "
              + BYTES
              + ".");
    }
    ByteSource source = new ByteSource(what + "'s footer", last, start, last.length);
    long dataBytes = source.u64();
    int indexBytes = source.u32();
    int indexCrc32c = source.u32();
    int version = source.u32();
    int checksum = source.u32();
    byte[] ends = Arrays.copyOfRange(last, source.position(), last.length);
    if (!Arrays.equals(magic.getBytes(StandardCharsets.US_ASCII), ends)) {
      throw source.damaged("the object does not end with " + magic);
    }
    if (checksum != MapObject.crc32c(last, start, 20)) {
      throw source.damaged("its checksum is wrong");
    }
    if (version != VERSION) {
      throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
    }
    if (indexBytes < 0 || dataBytes < 0 || dataBytes + indexBytes + BYTES != objectBytes) {
      throw source.damaged(
          "the object has "
              + objectBytes
              + " bytes instead of "
              + dataBytes
              + " + "
              + indexBytes
              + " + "
              + BYTES);
    }
    return new ObjectFooter(dataBytes, indexBytes, indexCrc32c);
  }

  /** The index, which must be in {@code last} whole. */
  byte[] index(String what, byte[] last) throws ShuffleFormatException {
    int end = last.length - BYTES;
    int start = end - indexBytes;
    if (start < 0) {
      throw new ShuffleFormatException(
          "Cannot read "
              + what
              + "'s index: it has "
              + indexBytes
              + " bytes, given are "
              + end
              + ".");
    }
    if (MapObject.crc32c(last, start, indexBytes) != indexCrc32c) {
      throw new ShuffleFormatException("Cannot read " + what + "'s index: its checksum is wrong.");
    }
    return Arrays.copyOfRange(last, start, end);
  }
}

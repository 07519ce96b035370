// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import java.util.zip.CRC32C;

/**
 * The object of one map output: segments back to back, then an index, then a footer of {@value
 * #FOOTER_BYTES} bytes; SPEC.md section 4. Only this class builds and parses the bytes after the
 * segments. Stateless.
 */
@Internal
public final class MapObject {
  /** Size of the footer, which ends every object. */
  public static final int FOOTER_BYTES = ObjectFooter.BYTES;

  private static final String WHAT = "a map output";
  private static final String MAGIC = "LDSHUFMO";

  private MapObject() {}

  /** Index and footer, which the writer stores after the segments. */
  public static byte[] tail(MapOutput output) {
    return ObjectFooter.tail(MAGIC, output.totalBytes(), output.encode());
  }

  /**
   * How many bytes at the end of the object hold index and footer.
   *
   * @param last the last bytes of the object, at least {@value #FOOTER_BYTES} unless the object is
   *     shorter
   * @param objectBytes length of the whole object
   * @param partitions that the shuffle has
   * @throws ShuffleFormatException when there is no whole footer of a known version, or an index of
   *     that shuffle cannot be so long
   */
  public static long tailBytes(byte[] last, long objectBytes, int partitions)
      throws ShuffleFormatException {
    int indexBytes = ObjectFooter.parse(WHAT, MAGIC, last, objectBytes).indexBytes();
    if (indexBytes > MapOutputCodec.maxBytes(partitions)) {
      throw new ShuffleFormatException(
          "Cannot read a map output's index: it has "
              + indexBytes
              + " bytes, too many for "
              + partitions
              + " partitions.");
    }
    return indexBytes + (long) FOOTER_BYTES;
  }

  /**
   * Reads index and footer.
   *
   * @param last the last bytes of the object, at least {@link #tailBytes} of them
   * @param objectBytes length of the whole object
   * @param partitions that the shuffle has
   * @throws ShuffleFormatException when anything is missing or damaged, lengths and object length
   *     disagree, or the shuffle has other partitions
   */
  public static MapOutput parse(byte[] last, long objectBytes, int partitions)
      throws ShuffleFormatException {
    ObjectFooter footer = ObjectFooter.parse(WHAT, MAGIC, last, objectBytes);
    MapOutput output = MapOutput.decode(footer.index(WHAT, last), partitions);
    if (output.totalBytes() != footer.dataBytes()) {
      throw new ShuffleFormatException(
          "Cannot read a map output's index: its segments have "
              + output.totalBytes()
              + " bytes, its footer has "
              + footer.dataBytes()
              + ".");
    }
    return output;
  }

  /** CRC-32C of {@code bytes[start, start + length)}. */
  public static int crc32c(byte[] bytes, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, length);
    return (int) crc.getValue();
  }
}

package io.letsdata.shuffle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The object of one map output: segments back to back, then an index, then a footer of {@value
 * #FOOTER_BYTES} bytes; SPEC.md section 4. This class alone builds and parses what follows the
 * segments. Stateless.
 */
public final class MapObject {
  /** Size of the footer, which ends every object. */
  public static final int FOOTER_BYTES = 32;

  private static final int VERSION = 1;
  private static final byte[] MAGIC = "LDSHUFMO".getBytes(StandardCharsets.US_ASCII);

  private MapObject() {}

  /** Index and footer: what the writer stores after the segments. */
  public static byte[] tail(MapOutput output) {
    byte[] index = output.encode();
    ByteSink footer = new ByteSink(FOOTER_BYTES);
    footer.u64(output.totalBytes()).u32(index.length).u32(crc32c(index, 0, index.length));
    footer.u32(VERSION);
    footer.u32(crc32c(footer.toByteArray(), 0, footer.size())).raw(MAGIC);
    return new ByteSink(index.length + FOOTER_BYTES).raw(index).raw(footer).toByteArray();
  }

  /**
   * How many bytes at the end of the object hold index and footer.
   *
   * @param last the last bytes of the object, at least {@value #FOOTER_BYTES} unless the object is
   *     shorter
   * @param objectBytes length of the whole object
   * @throws ShuffleFormatException when there is no whole footer of a known version
   */
  public static long tailBytes(byte[] last, long objectBytes) throws ShuffleFormatException {
    return Footer.parse(last, objectBytes).indexBytes + (long) FOOTER_BYTES;
  }

  /**
   * Reads index and footer.
   *
   * @param last the last bytes of the object, at least {@link #tailBytes} of them
   * @param objectBytes length of the whole object
   * @throws ShuffleFormatException when anything is missing or damaged, or lengths and object
   *     length disagree
   */
  public static MapOutput parse(byte[] last, long objectBytes) throws ShuffleFormatException {
    Footer footer = Footer.parse(last, objectBytes);
    int indexEnd = last.length - FOOTER_BYTES;
    int indexStart = indexEnd - footer.indexBytes;
    if (indexStart < 0) {
      throw new ShuffleFormatException(
          "Cannot read a map output's index: it has "
              + footer.indexBytes
              + " bytes, given are "
              + indexEnd
              + ".");
    }
    if (crc32c(last, indexStart, footer.indexBytes) != footer.indexCrc32c) {
      throw new ShuffleFormatException("Cannot read a map output's index: its checksum is wrong.");
    }
    MapOutput output = MapOutput.decode(Arrays.copyOfRange(last, indexStart, indexEnd));
    if (output.totalBytes() != footer.dataBytes) {
      throw new ShuffleFormatException(
          "Cannot read a map output's index: its segments have "
              + output.totalBytes()
              + " bytes, its footer says "
              + footer.dataBytes
              + ".");
    }
    return output;
  }

  /** CRC-32C of {@code bytes[start, start + length)}. */
  static int crc32c(byte[] bytes, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, length);
    return (int) crc.getValue();
  }

  private record Footer(long dataBytes, int indexBytes, int indexCrc32c) {
    static Footer parse(byte[] last, long objectBytes) throws ShuffleFormatException {
      int start = last.length - FOOTER_BYTES;
      if (start < 0) {
        throw new ShuffleFormatException(
            "Cannot read a map output's footer: the object has "
                + last.length
                + " bytes, a footer "
                + FOOTER_BYTES
                + ".");
      }
      ByteSource source = new ByteSource("a map output's footer", last, start, last.length);
      long dataBytes = source.u64();
      int indexBytes = source.u32();
      int indexCrc32c = source.u32();
      int version = source.u32();
      int checksum = source.u32();
      if (!Arrays.equals(MAGIC, Arrays.copyOfRange(last, source.position(), last.length))) {
        throw source.damaged(
            "the object does not end with " + new String(MAGIC, StandardCharsets.US_ASCII));
      }
      if (checksum != crc32c(last, start, 20)) {
        throw source.damaged("its checksum is wrong");
      }
      if (version != VERSION) {
        throw source.damaged("it has version " + version + ", this reader knows " + VERSION);
      }
      if (indexBytes < 0 || dataBytes < 0 || dataBytes + indexBytes + FOOTER_BYTES != objectBytes) {
        throw source.damaged(
            "the object has "
                + objectBytes
                + " bytes instead of "
                + dataBytes
                + " + "
                + indexBytes
                + " + "
                + FOOTER_BYTES);
      }
      return new Footer(dataBytes, indexBytes, indexCrc32c);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Manifests;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.StoredPayload;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.protocol.TaskResponse;
import io.letsdata.read.warc.HttpMessage;
import io.letsdata.read.warc.WarcRecords;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.ByteSink;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.MergedObject;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.io.LZ4CompressionCodec;
import org.apache.spark.io.ZStdCompressionCodec;

/**
 * Small inputs that claim or unpack to more than the memory of this JVM, one for each decoder. Each
 * must end with an exception of the decoder; out of memory, or of stack, is a finding.
 */
final class Bombs {
  /** What the program prints of a bomb that did no harm. */
  static final String HARMLESS = "harmless: ";

  private static final int MANY = 300 << 20;
  private static final int PARTITIONS = 4;

  private interface Bomb {
    void decode() throws IOException;
  }

  private Bombs() {}

  /** Needs no argument. */
  @SuppressWarnings("SystemOut") // read by the test
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, Bomb> bomb : all().entrySet()) {
      String name = bomb.getKey();
      try {
        bomb.getValue().decode();
        System.out.println("decoded: " + name);
      } catch (IOException | IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        String start = message.substring(0, Math.min(200, message.length()));
        System.out.println(HARMLESS + name + ": " + e.getClass().getSimpleName() + ": " + start);
      } catch (OutOfMemoryError | StackOverflowError | RuntimeException e) {
        System.out.println("harm: " + name + ": " + e);
      }
    }
  }

  private static Map<String, Bomb> all() throws IOException {
    Map<String, Bomb> bombs = new LinkedHashMap<>();
    manifests(bombs);
    warcs(bombs);
    messages(bombs);
    shuffles(bombs);
    frames(bombs);
    return bombs;
  }

  private static void manifests(Map<String, Bomb> bombs) throws IOException {
    byte[] blanks = gzip(" ", MANY);
    bombs.put("gzip manifest of 300 MiB", () -> manifest(blanks));
    byte[] lines = gzip("s3://b/a\n", 200 << 20);
    bombs.put("gzip manifest of 200 MiB of lines", () -> manifest(lines));
    bombs.put("gzip manifest of 60 MiB of lines", () -> manifest(gzip("a\n", 60 << 20)));
    bombs.put("plain manifest of 40 MiB of lines", () -> manifest(repeated("a\n", 40 << 20)));
    bombs.put("nested manifest", () -> manifest(repeated("{\"a\":", 5 << 20)));
    String number = "{\"formatVersion\":1,\"rows\":";
    bombs.put(
        "manifest with a long number", () -> manifest(utf8(number + "9".repeat(1 << 20) + "}")));
    bombs.put("manifest with an exponent", () -> manifest(utf8(number + "1e999999999}")));
  }

  private static void manifest(byte[] bytes) throws IOException {
    if (Manifests.parse(bytes, "m").toString().isEmpty()) {
      throw new IllegalStateException("empty");
    }
  }

  private static void warcs(Map<String, Bomb> bombs) throws IOException {
    String head = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: ";
    byte[] header = gzip("WARC-Long: " + "x".repeat(1_000), MANY);
    bombs.put("WARC header without an end", () -> records(header));
    byte[] one = gzip("WARC/1.0\r\nX: ", "x", MANY);
    bombs.put("WARC header line of 300 MiB", () -> records(one));
    bombs.put(
        "WARC record that claims all", () -> records(utf8(head + Long.MAX_VALUE + "\r\n\r\nabc")));
    byte[] content = gzip(head + MANY + "\r\n\r\n", "x", MANY);
    bombs.put("WARC record of 300 MiB", () -> records(content));
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(utf8("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"));
    payload.write(gzip("x", MANY));
    bombs.put("HTTP payload of 300 MiB", () -> http(payload.toByteArray()));
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc";
    bombs.put("HTTP chunk that claims all", () -> http(utf8(chunked)));
    bombs.put("HTTP head of 40 MiB", () -> http(repeated("A: b\r\n", 40 << 20)));
  }

  private static void records(byte[] bytes) throws IOException {
    try (WarcRecords records = new WarcRecords(new ByteArrayInputStream(bytes))) {
      while (records.next()) {
        if (records.content().length == 0) {
          throw new IllegalStateException("empty");
        }
      }
    }
  }

  private static void http(byte[] message) throws IOException {
    byte[] payload = HttpMessage.parse(message).payload(message, 1 << 20);
    if (payload != null && payload.length > 1 << 20) {
      throw new IllegalStateException("longer than the limit");
    }
  }

  private static void messages(Map<String, Bomb> bombs) {
    byte[] nested = repeated("{\"type\":[", 5 << 20);
    bombs.put("nested payload", () -> Messages.decode(nested, TaskPayload.class));
    bombs.put("nested stored payload", () -> Messages.decode(nested, StoredPayload.class));
    bombs.put("nested response", () -> Messages.decode(nested, TaskResponse.class));
    byte[] number = utf8("{\"type\":\"ended\",\"requests\":[1e999999999]}");
    bombs.put("response with an exponent", () -> Messages.decode(number, TaskResponse.class));
    bombs.put(
        "merge response with a list",
        () -> Messages.decode(repeated("[0,", 5 << 20), MergeResponse.class));
  }

  private static void shuffles(Map<String, Bomb> bombs) throws IOException {
    MapOutput output = new MapOutput(3, 1, "nonce", new long[] {1, 2, 3, 4}, new int[PARTITIONS]);
    byte[] data = new byte[Math.toIntExact(output.totalBytes())];
    byte[] report = MapReport.inline(output, data).encode();
    bombs.put(
        "map reports that claim", () -> mutated(report, b -> MapReport.decode(b, s -> PARTITIONS)));
    byte[] tail = MapObject.tail(output);
    byte[] object = new ByteSink(data.length + tail.length).raw(data).raw(tail).toByteArray();
    bombs.put(
        "footers that claim",
        () -> mutated(object, b -> MapObject.parse(withFooter(b), b.length, PARTITIONS)));
    bombs.put(
        "merged objects that claim", () -> mutated(object, b -> MergedObject.parse(withFooter(b))));
    byte[] merge = new MergeReport(3, "nonce", new long[] {1, 2}).encode();
    bombs.put("merge reports that claim", () -> mutated(merge, MergeReport::decode));
    ShuffleHome home =
        new ShuffleHome(
            new InMemoryObjectStore("bombs"), new ShuffleLayout(new ObjectLocation("b", "r")));
    OutputRegistry registry = new OutputRegistry(() -> home, DriverBounds.DEFAULT);
    registry.add(MapReport.stored(output));
    byte[] table = registry.tables().table(3, List.of(output.ref()));
    bombs.put(
        "offsets that claim",
        () -> mutated(table, b -> OffsetsTable.of(withHeader(b)).columns(0, Integer.MAX_VALUE)));
    SegmentSeal seal = new SegmentSeal(RunKey.random(), 3);
    bombs.put(
        "sealed segment of a claimed length",
        () -> {
          InputStream forged = new ByteArrayInputStream(new byte[1 << 20]);
          try (InputStream open =
              seal.opening(new MapRef(1, "nonce"), 0, 1L << 40, forged, IOException::new)) {
            long unused = open.transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  private interface Decoder {
    Object decode(byte[] bytes) throws IOException;
  }

  /** Each byte of a right one in turn, and pairs of them, as the largest and the least numbers. */
  private static void mutated(byte[] right, Decoder decoder) throws IOException {
    IOException last = new IOException("nothing was refused");
    for (int value : new int[] {0xFF, 0x7F, 0x80}) {
      for (int i = 0; i < right.length; i++) {
        for (int length = 1; length <= 8 && i + length <= right.length; length++) {
          byte[] bytes = right.clone();
          Arrays.fill(bytes, i, i + length, (byte) value);
          try {
            Object unused = decoder.decode(bytes);
          } catch (IOException e) {
            last = e;
          }
        }
      }
    }
    throw last;
  }

  /** With the checksum of the footer made right (SPEC.md of lambda-shuffle, "Footer"). */
  private static byte[] withFooter(byte[] bytes) {
    byte[] object = bytes.clone();
    int footer = object.length - MapObject.FOOTER_BYTES;
    int crc = MapObject.crc32c(object, footer, MapObject.FOOTER_BYTES - 4);
    System.arraycopy(new ByteSink(4).u32(crc).toByteArray(), 0, object, object.length - 4, 4);
    return object;
  }

  /** With the checksum of the header made right (SPEC.md of lambda-shuffle, "Offsets table"). */
  private static byte[] withHeader(byte[] bytes) {
    byte[] table = bytes.clone();
    int header =
        (table[5] & 0xFF) << 24
            | (table[6] & 0xFF) << 16
            | (table[7] & 0xFF) << 8
            | (table[8] & 0xFF);
    if (header >= 13 && header <= table.length) {
      int crc = MapObject.crc32c(table, 0, header - 4);
      System.arraycopy(new ByteSink(4).u32(crc).toByteArray(), 0, table, header - 4, 4);
    }
    return table;
  }

  /** Frames of Spark's codecs, whose heads claim a giant length or window. */
  private static void frames(Map<String, Bomb> bombs) {
    SparkConf conf = new SparkConf(false);
    byte[] lz4 = new byte[64];
    System.arraycopy(utf8("LZ4Block"), 0, lz4, 0, 8);
    Arrays.fill(lz4, 8, 21, (byte) 0x7F);
    lz4[8] = 0x2F;
    bombs.put(
        "lz4 block", () -> drain(new LZ4CompressionCodec(conf).compressedInputStream(in(lz4))));
    byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0xFF, 1, 0, 0, 0};
    bombs.put(
        "zstd window", () -> drain(new ZStdCompressionCodec(conf).compressedInputStream(in(zstd))));
  }

  private static InputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static void drain(InputStream in) throws IOException {
    try (in) {
      long unused = in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static byte[] repeated(String text, int bytes) {
    byte[] repeated = new byte[bytes];
    byte[] unit = utf8(text);
    for (int i = 0; i < bytes; i++) {
      repeated[i] = unit[i % unit.length];
    }
    return repeated;
  }

  private static byte[] gzip(String text, int bytes) throws IOException {
    return gzip("", text, bytes);
  }

  private static byte[] gzip(String before, String text, int bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] chunk = repeated(text, utf8(text).length * 8_192);
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(utf8(before));
      for (long left = bytes; left > 0; left -= chunk.length) {
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
    }
    return packed.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

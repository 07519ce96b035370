// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import com.github.luben.zstd.ZstdInputStream;
import io.letsdata.it.tasks.SecretSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * Finds secrets in bytes: as text, as text of two bytes a character, in Base64, and in what lz4
 * (Spark's blocks), zstd and gzip have packed, one in the other. Stateless.
 */
final class Canaries {
  private static final int DEPTH = 3;
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{24,}={0,2}");
  private static final String LZ4 = "LZ4Block";
  private static final int LZ4_HEAD = LZ4.length() + 1 + 3 * Integer.BYTES;
  private static final int LZ4_RAW = 0x10;
  private static final int LZ4_PACKED = 0x20;
  private static final String ZSTD = "(\u00b5/\u00fd";
  private static final String GZIP = "\u001f\u008b\u0008";

  private interface Unpacking {
    InputStream of(InputStream packed) throws IOException;
  }

  private Canaries() {}

  /** The sources whose secret is there. */
  static Set<SecretSource> in(byte[] bytes) {
    Set<SecretSource> found = EnumSet.noneOf(SecretSource.class);
    find(bytes, DEPTH, found);
    return found;
  }

  /** Regular files, also those in folders that cannot be listed to the end. */
  static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      return filesBelow(folder); // a folder was deleted meanwhile
    }
  }

  private static void find(byte[] bytes, int depth, Set<SecretSource> found) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String wide = text.replace("\0", "");
    for (SecretSource source : SecretSource.values()) {
      if (text.contains(source.canary()) || wide.contains(source.canary())) {
        found.add(source);
      }
    }
    if (depth == 0) {
      return;
    }
    Matcher encoded = BASE64.matcher(text);
    while (encoded.find()) {
      try {
        find(Base64.getDecoder().decode(encoded.group()), depth - 1, found);
      } catch (IllegalArgumentException e) {
        // No Base64 but a long word, which was searched as text.
      }
    }
    byte[] blocks = lz4(bytes, text);
    if (blocks.length > 0) {
      find(blocks, depth - 1, found);
    }
    unpack(bytes, text, ZSTD, packed -> new ZstdInputStream(packed), depth, found);
    unpack(bytes, text, GZIP, GZIPInputStream::new, depth, found);
  }

  /** The content of all blocks, whatever is between them. */
  private static byte[] lz4(byte[] bytes, String text) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = text.indexOf(LZ4); at >= 0; at = text.indexOf(LZ4, at + 1)) {
      if (at + LZ4_HEAD > bytes.length) {
        break;
      }
      int method = bytes[at + LZ4.length()] & 0xF0;
      int packed = head.getInt(at + LZ4.length() + 1);
      int length = head.getInt(at + LZ4.length() + 1 + Integer.BYTES);
      int from = at + LZ4_HEAD;
      if (packed < 0 || length < 0 || length > 64 << 20 || from + (long) packed > bytes.length) {
        continue;
      }
      if (method == LZ4_RAW) {
        content.write(bytes, from, packed);
      } else if (method == LZ4_PACKED) {
        try {
          byte[] block =
              LZ4Factory.fastestInstance()
                  .safeDecompressor()
                  .decompress(bytes, from, packed, length);
          content.write(block, 0, block.length);
        } catch (LZ4Exception e) {
          // Bytes that only look like a block.
        }
      }
    }
    return content.toByteArray();
  }

  private static void unpack(
      byte[] bytes,
      String text,
      String magic,
      Unpacking unpacking,
      int depth,
      Set<SecretSource> found) {
    for (int at = text.indexOf(magic); at >= 0; at = text.indexOf(magic, at + 1)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      try (InputStream unpacked =
          unpacking.of(new ByteArrayInputStream(bytes, at, bytes.length - at))) {
        long unused = unpacked.transferTo(content);
      } catch (IOException | RuntimeException e) {
        // It ends early, or only looks like packed bytes.
      }
      if (content.size() > 0) {
        find(content.toByteArray(), depth - 1, found);
      }
    }
  }
}

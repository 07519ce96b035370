// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Makes WET files, byte for byte of the form in which Common Crawl publishes the text of web pages:
 * a warcinfo record, then conversion records, one gzip member each.
 *
 * <p>The same seed and number give the same records on every machine; the compressed bytes may
 * differ with the platform's zlib. Thread-safe; makes about 60 MB a second on one core and holds
 * one record in memory.
 */
public final class WetGenerator {
  private static final Instant CRAWL_START = Instant.parse("2023-11-28T08:34:43Z");
  private static final int CRAWL_SECONDS = 3 * 60 * 60;
  private static final String RECORD_END = "\r\n\r\n";
  private static final String HEX = "0123456789abcdef";

  private final long seed;
  private final PageLanguages.Source languages = new PageLanguages.Source(Language.all());

  public WetGenerator(long seed) {
    this.seed = seed;
  }

  /**
   * The size of one file.
   *
   * @param records conversion records; the warcinfo is not counted
   * @param textBytes uncompressed size of the file
   * @param objectBytes compressed size
   */
  public record WetFile(long records, long textBytes, long objectBytes) {}

  /** The key of a file, in the form of the crawl of November 2023; numbers are from 0. */
  public static String key(int fileNumber) {
    return "crawl-data/CC-MAIN-2023-50/segments/1700679099281.67/wet/" + fileName(fileNumber);
  }

  private static String fileName(int fileNumber) {
    return String.format(
        Locale.ROOT, "CC-MAIN-20231128083443-20231128113443-%05d.warc.wet.gz", fileNumber);
  }

  /**
   * Writes one file.
   *
   * @param fileNumber from 0; chooses, with the seed, the content of the file
   * @param records conversion records to write, at least 0
   * @param out not closed
   */
  public WetFile write(int fileNumber, int records, OutputStream out) throws IOException {
    SplitMix random = new SplitMix(new SplitMix(seed + fileNumber).nextLong());
    BlockDigest digest = new BlockDigest();
    Bytes body = new Bytes();
    Bytes record = new Bytes();
    long textBytes = 0;
    try (GzipWriter members = new GzipWriter(out)) {
      for (int number = 0; number <= records; number++) {
        body.clear();
        record.clear();
        if (number == 0) {
          appendWarcinfo(record, body, fileNumber, digest, random);
        } else {
          appendConversion(record, body, digest, random);
        }
        members.write(record);
        textBytes += record.length();
      }
      return new WetFile(records, textBytes, members.writtenBytes());
    }
  }

  private static void appendWarcinfo(
      Bytes record, Bytes body, int fileNumber, BlockDigest digest, SplitMix random) {
    body.add("Software-Info: ia-web-commons.1.1.10-SNAPSHOT-20230829023858\r\n")
        .add("Extracted-Date: Tue, 12 Dec 2023 06:26:30 GMT\r\n")
        .add(
            "robots: checked via crawler-commons 1.5-SNAPSHOT (https://github.com/crawler-commons/crawler-commons)\r\n")
        .add("isPartOf: CC-MAIN-2023-50\r\n")
        .add("operator: Common Crawl Admin (info@commoncrawl.org)\r\n")
        .add("description: Wide crawl of the web for November/December 2023\r\n")
        .add("publisher: Common Crawl\r\n\r\n");
    record.add("WARC/1.0\r\n");
    header(record, "WARC-Type", "warcinfo");
    header(record, "WARC-Date", "2023-12-12T06:26:30Z");
    header(record, "WARC-Filename", fileName(fileNumber));
    header(record, "WARC-Record-ID", uuid(random));
    header(record, "Content-Type", "application/warc-fields");
    header(record, "Content-Length", Integer.toString(body.length()));
    header(record, "WARC-Block-Digest", digest.of(body));
    finish(record, body);
  }

  private void appendConversion(Bytes record, Bytes body, BlockDigest digest, SplitMix random) {
    PageLanguages page = languages.next(random);
    PageText.append(body, page, random);
    record.add("WARC/1.0\r\n");
    header(record, "WARC-Type", "conversion");
    header(record, "WARC-Target-URI", address(page, random));
    header(record, "WARC-Date", CRAWL_START.plusSeconds(random.below(CRAWL_SECONDS)).toString());
    header(record, "WARC-Record-ID", uuid(random));
    header(record, "WARC-Refers-To", uuid(random));
    header(record, "WARC-Block-Digest", digest.of(body));
    if (!page.header().isEmpty()) {
      header(record, "WARC-Identified-Content-Language", page.header());
    }
    header(record, "Content-Type", "text/plain");
    header(record, "Content-Length", Integer.toString(body.length()));
    finish(record, body);
  }

  private static void finish(Bytes record, Bytes body) {
    record.add("\r\n").add(body.array(), 0, body.length()).add(RECORD_END);
  }

  private static void header(Bytes record, String name, String value) {
    record.add(name).add(": ").add(value).add("\r\n");
  }

  private static String uuid(SplitMix random) {
    long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
    long variant2 = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    return "<urn:uuid:" + new UUID(version4, variant2) + ">";
  }

  private static String address(PageLanguages page, SplitMix random) {
    StringBuilder address = new StringBuilder(random.chance(0.85) ? "https://" : "http://");
    address.append(random.chance(0.6) ? "www." : "").append("site");
    appendHex(address, 5, random);
    address.append('.').append(page.written().get(0).domain()).append('/');
    for (int depth = random.below(4); depth > 0; depth--) {
      appendHex(address.append("section-"), 2, random).append('/');
    }
    appendHex(address.append("page-"), 8, random);
    if (random.chance(0.2)) {
      // Legal in a query, and the trap of every header parser that splits at each colon.
      appendHex(address.append("?time=08:34:43&id=urn:"), 6, random);
    }
    return address.toString();
  }

  private static StringBuilder appendHex(StringBuilder text, int digits, SplitMix random) {
    for (int i = 0; i < digits; i++) {
      text.append(HEX.charAt(random.below(16)));
    }
    return text;
  }
}

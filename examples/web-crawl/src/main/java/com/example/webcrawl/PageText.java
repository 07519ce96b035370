// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Writes the body of a page as Common Crawl extracts it from HTML: lines that end in LF, navigation
 * of a few words first, then paragraphs.
 *
 * <p>Some bodies hold CR LF CR LF, as pages with preformatted text do; never right after an LF,
 * because that is how a reader finds the end of a record. Stateless.
 */
final class PageText {
  private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(US_ASCII);
  private static final double HOLDS_BLANK_LINE = 0.02;

  /** Log-normal sizes: median 1.8 kB, mean 3.3 kB, at most 512 kB. */
  private static final double LOG_MEDIAN = StrictMath.log(1800);

  private static final double LOG_DEVIATION = 1.1;
  private static final int MOST_BYTES = 512 * 1024;

  private PageText() {}

  /** Appends a body that ends in LF. */
  static void append(Bytes body, PageLanguages languages, SplitMix random) {
    int wanted = body.length() + sizeBytes(random);
    boolean blankLineIsDue = random.chance(HOLDS_BLANK_LINE);
    for (int line = 0; body.length() < wanted; line++) {
      Language language = languages.written().get(line % languages.written().size());
      int words = line < 8 ? 1 + random.below(4) : 4 + random.below(36);
      appendLine(body, language, words, random);
      if (blankLineIsDue && line > 1) {
        body.add(language.word(random)).add(BLANK_LINE).add(language.word(random)).add('\n');
        blankLineIsDue = false;
      }
    }
  }

  private static int sizeBytes(SplitMix random) {
    double bytes = StrictMath.exp(LOG_MEDIAN + LOG_DEVIATION * random.nextGaussian());
    return (int) Math.min(MOST_BYTES, Math.max(40, bytes));
  }

  private static void appendLine(Bytes body, Language language, int words, SplitMix random) {
    body.add(language.word(random));
    for (int word = 1; word < words; word++) {
      long dice = random.nextLong();
      if ((dice & 0xF) == 0) {
        body.add(language.sentenceEnd());
      } else if ((dice & 0x1F) == 1) {
        body.add(',');
      }
      body.add(language.separator());
      if ((dice & 0x1F0) == 0) {
        // Prices, years, phone numbers: what makes real text compress three times and not ten.
        appendNumber(body, (int) (dice >>> 40) & 0xFFFFFF);
      } else {
        body.add(language.words().get((int) (((dice >>> 32) * language.words().size()) >>> 32)));
      }
    }
    body.add('\n');
  }

  private static void appendNumber(Bytes body, int number) {
    for (int rest = number; rest > 0; rest /= 10) {
      body.add((char) ('0' + rest % 10));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A language of the generated web: its ISO 639-3 code, its share of all pages and what its text is
 * made of.
 *
 * @param share weight among all languages; the weights follow Common Crawl's published language
 *     statistics, rounded
 * @param domain top-level domain of its hosts
 * @param separator between words; empty for scripts that write without spaces
 * @param sentenceEnd the script's full stop; empty for scripts without one
 * @param words UTF-8, at least one
 */
record Language(
    String code,
    int share,
    String domain,
    String separator,
    String sentenceEnd,
    List<byte[]> words) {
  private static final String RESOURCE = "languages.tsv";

  /** Every language of the table, the most frequent first. */
  static List<Language> all() {
    List<Language> languages = new ArrayList<>();
    try (InputStream in =
            Objects.requireNonNull(Language.class.getResourceAsStream(RESOURCE), RESOURCE);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          languages.add(parse(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(languages);
  }

  private static Language parse(String line) {
    String[] columns = line.split("\t", -1);
    List<byte[]> words = new ArrayList<>();
    for (String word : columns[5].split(" ", -1)) {
      words.add(word.getBytes(UTF_8));
    }
    return new Language(
        columns[0],
        Integer.parseInt(columns[1]),
        columns[2],
        columns[3].equals("space") ? " " : "",
        columns[4].strip(),
        List.copyOf(words));
  }

  byte[] word(SplitMix random) {
    return words.get(random.below(words.size()));
  }
}

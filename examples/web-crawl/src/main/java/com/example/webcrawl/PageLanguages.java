// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The languages of a page, drawn with the skew of the real web: one language for most pages, two or
 * three for some, none found for a few.
 *
 * @param written at least one; a page whose language no detector finds is written in something all
 *     the same
 * @param header the value of WARC-Identified-Content-Language, such as {@code jpn,eng}; empty when
 *     the header is absent
 */
record PageLanguages(List<Language> written, String header) {

  /** Draws from one list of languages. Thread-safe: the caller brings the random numbers. */
  static final class Source {
    /** A detector gives up on about one page in a hundred, mostly short ones. */
    private static final double UNIDENTIFIED = 0.012;

    private static final double SECOND_LANGUAGE = 0.09;
    private static final double THIRD_LANGUAGE = 0.15;

    private final List<Language> languages;
    private final Language english;
    private final int shares;

    Source(List<Language> languages) {
      this.languages = languages;
      this.english = languages.get(0);
      this.shares = languages.stream().mapToInt(Language::share).sum();
    }

    PageLanguages next(SplitMix random) {
      Language first = pick(random);
      if (random.chance(UNIDENTIFIED)) {
        return new PageLanguages(List.of(first), "");
      }
      if (!random.chance(SECOND_LANGUAGE)) {
        return new PageLanguages(List.of(first), first.code());
      }
      // The second language of a page that is not English is English, nearly always.
      Language second = first.equals(english) ? pick(random) : english;
      Language third = random.chance(THIRD_LANGUAGE) ? pick(random) : second;
      List<Language> distinct = List.of(first, second, third).stream().distinct().toList();
      return new PageLanguages(
          distinct, distinct.stream().map(Language::code).collect(Collectors.joining(",")));
    }

    private Language pick(SplitMix random) {
      int left = random.below(shares);
      for (Language language : languages) {
        left -= language.share();
        if (left < 0) {
          return language;
        }
      }
      throw new IllegalStateException("shares do not add up to " + shares);
    }
  }
}

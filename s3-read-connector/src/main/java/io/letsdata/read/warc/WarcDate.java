// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** The instants that crawlers write as WARC-Date; those without a zone are in UTC. Pure. */
@Internal
public final class WarcDate {
  /** {@code 2024-01-02T03:04Z}, {@code 2024-01-02 03:04:05.5-0500} and the like. */
  private static final DateTimeFormatter LENIENT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("uuuu-MM-dd['T'][ ]HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .appendPattern("[ ][XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  /** As in ARC files and in the names of captures. */
  private static final DateTimeFormatter DIGITS =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

  private static final int DIGITS_LENGTH = 14;

  private WarcDate() {}

  /** The instant; empty for a year, a month or a day, which WARC 1.1 allows, and for other text. */
  public static Optional<Instant> parse(String text) {
    String date = text.strip();
    try {
      return Optional.of(Instant.parse(date));
    } catch (DateTimeParseException e) {
      return lenient(date);
    }
  }

  private static Optional<Instant> lenient(String date) {
    try {
      if (date.length() == DIGITS_LENGTH) {
        return Optional.of(LocalDateTime.parse(date, DIGITS).toInstant(ZoneOffset.UTC));
      }
      TemporalAccessor parsed = LENIENT.parseBest(date, OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          parsed instanceof OffsetDateTime zoned
              ? zoned.toInstant()
              : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The options that a manifest may state for readers (SPEC.md, "Options"). A manifest is data, and
 * whoever can write it should decide about nothing but the meaning of the objects' bytes. So this
 * is a list of what is allowed: no option here names a class, a codec, a file system, an endpoint
 * or an identity. Pure.
 */
@Internal
public final class ReaderOptions {
  private static final List<String> TEXT = List.of("encoding", "lineSep", "wholetext");

  private static final List<String> DATES =
      List.of(
          "dateFormat",
          "enableDateTimeParsingFallback",
          "locale",
          "timeZone",
          "timestampFormat",
          "timestampNTZFormat");

  private static final List<String> LINES =
      List.of(
          "charset",
          "columnNameOfCorruptRecord",
          "encoding",
          "lineSep",
          "mode",
          "multiLine",
          "samplingRatio");

  private static final List<String> JSON =
      List.of(
          "allowBackslashEscapingAnyCharacter",
          "allowComments",
          "allowNonNumericNumbers",
          "allowNumericLeadingZeros",
          "allowSingleQuotes",
          "allowUnquotedControlChars",
          "allowUnquotedFieldNames",
          "dropFieldIfAllNull",
          "ignoreNullFields",
          "inferTimestamp",
          "prefersDecimal",
          "pretty",
          "primitivesAsString",
          "writeNonAsciiCharacterAsCodePoint");

  private static final List<String> CSV =
      List.of(
          "charToEscapeQuoteEscaping",
          "columnPruning",
          "comment",
          "delimiter",
          "emptyValue",
          "enforceSchema",
          "escape",
          "escapeQuotes",
          "header",
          "ignoreLeadingWhiteSpace",
          "ignoreTrailingWhiteSpace",
          "inferSchema",
          "inputBufferSize",
          "maxCharsPerColumn",
          "maxColumns",
          "nanValue",
          "negativeInf",
          "nullValue",
          "positiveInf",
          "preferDate",
          "quote",
          "quoteAll",
          "sep",
          "unescapedQuoteHandling");

  private static final List<String> PARQUET =
      List.of("datetimeRebaseMode", "int96RebaseMode", "mergeSchema");

  private static final List<String> ORC = List.of("mergeSchema");

  private static final List<String> AVRO =
      List.of(
          "datetimeRebaseMode",
          "enableStableIdentifiersForUnionType",
          "ignoreExtension",
          "mode",
          "positionalFieldMatching");

  private ReaderOptions() {}

  /** The allowed names for a format, in Spark's spelling, sorted. */
  public static List<String> of(ObjectFormat format) {
    return switch (format) {
      case TEXT -> sorted(List.of(TEXT));
      case JSON -> sorted(List.of(LINES, DATES, JSON));
      case CSV -> sorted(List.of(LINES, DATES, CSV));
      case PARQUET -> sorted(List.of(PARQUET));
      case ORC -> sorted(List.of(ORC));
      case AVRO -> sorted(List.of(AVRO));
      case WARC -> List.of();
    };
  }

  /** The first of {@code names}, in any case, that is not allowed; empty when all are. */
  public static Optional<String> firstRefused(ObjectFormat format, Collection<String> names) {
    TreeSet<String> allowed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    allowed.addAll(of(format));
    return names.stream().sorted().filter(name -> !allowed.contains(name)).findFirst();
  }

  private static List<String> sorted(List<List<String>> lists) {
    return lists.stream().flatMap(List::stream).distinct().sorted().toList();
  }
}

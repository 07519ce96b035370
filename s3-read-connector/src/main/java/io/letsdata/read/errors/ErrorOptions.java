// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.errors;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.store.ObjectLocation;
import java.util.Map;
import java.util.Optional;

/**
 * Where bad records and objects of a read are written, and how many of them are too many.
 * Immutable.
 *
 * @param path below which documents are written; its key has no slash at its end
 * @param recordBytes most bytes of a record in its document
 * @param maxErrors with more, the run fails; empty: any number
 * @param maxRatio largest share of bad records; 1: any
 */
@Internal
public record ErrorOptions(
    ObjectLocation path, int recordBytes, Optional<Long> maxErrors, double maxRatio) {

  public static final Option<Optional<ObjectLocation>> PATH =
      Option.of(
              "error-path",
              OptionType.parsed(ErrorOptions::location, "must be s3://<bucket>/<prefix>"))
          .blankMeansAbsent()
          .describedAs(
              "Each bad record or object becomes a JSON document below it, and the read goes on (\"Errors as records\" below).")
          .withoutDefault("none: a bad record is what `mode` says, a bad object is an error");

  public static final Option<Long> RECORD_BYTES =
      Option.of("error-record-bytes", OptionType.bytes(0, 1024 * 1024))
          .describedAs("Most bytes of a bad record in its document.")
          .withDefault("16k");

  public static final Option<Optional<Long>> MAX_ERRORS =
      Option.of("max-errors", OptionType.whole(0, Long.MAX_VALUE))
          .blankMeansAbsent()
          .describedAs("With `error-path`: with more documents, the run fails.")
          .withoutDefault("any number");

  public static final Option<Double> MAX_RATIO =
      Option.of("max-error-ratio", OptionType.parsed(ErrorOptions::ratio, "must be 0.0 to 1.0"))
          .describedAs(
              "With `error-path`: with a larger share of bad records among all, the run fails.")
          .withDefault("1.0");

  /** In the order of the documentation. */
  public static final OptionSet ALL = OptionSet.of(PATH, RECORD_BYTES, MAX_ERRORS, MAX_RATIO);

  /**
   * The options of a read; empty without {@code error-path}.
   *
   * @throws io.letsdata.options.InvalidOptionException naming option, value and rule
   * @throws UserErrorException for a limit without a path
   */
  public static Optional<ErrorOptions> of(Map<String, String> given) {
    Options options = Options.ofSession(Map.of()).withOptions(given);
    Optional<ObjectLocation> path = options.get(PATH);
    Optional<Long> maxErrors = options.get(MAX_ERRORS);
    double maxRatio = options.get(MAX_RATIO);
    if (path.isEmpty() && (maxErrors.isPresent() || maxRatio < 1)) {
      throw new UserErrorException(
          "Cannot read with '%s' and without '%s': without it, the first error ends the run. Set '%s', or remove the limit."
              .formatted(maxErrors.isPresent() ? MAX_ERRORS : MAX_RATIO, PATH, PATH));
    }
    return path.map(
        where ->
            new ErrorOptions(where, (int) (long) options.get(RECORD_BYTES), maxErrors, maxRatio));
  }

  private static ObjectLocation location(String text) {
    String trimmed = text.strip();
    while (trimmed.endsWith("/")) {
      trimmed = trimmed.substring(0, trimmed.length() - 1);
    }
    return ObjectLocation.parse(trimmed);
  }

  private static double ratio(String text) {
    double value = Double.parseDouble(text.strip());
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("not in 0.0 to 1.0");
    }
    return value;
  }
}

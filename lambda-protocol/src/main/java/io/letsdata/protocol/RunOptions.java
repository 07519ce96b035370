// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.store.ObjectLocation;
import java.util.Optional;

/** The options of a run, which the shuffle and the Lambda master share. */
@Internal
public final class RunOptions {
  private static final String PREFIX = Option.PREFIX + "run.";

  /** The key of {@link #LOCATION}, for annotations. */
  public static final String LOCATION_KEY = "spark.letsdata.run.location";

  /** Where runs put their objects; no module works without it. */
  public static final Option<Optional<ObjectLocation>> LOCATION =
      Option.of(
              LOCATION_KEY,
              OptionType.parsed(ObjectLocation::parse, "must be s3://<bucket>/<prefix>"))
          .blankMeansAbsent()
          .describedAs(
              "`s3://bucket/prefix` for the objects of runs. Each application takes a name of its own below it.")
          .withoutDefault("required");

  /** The driver sets it for its executors. */
  public static final Option<Optional<String>> NONCE =
      Option.of(PREFIX + "nonce", OptionType.text()).hidden().withoutDefault("");

  /** True for an application that shares its workers' processes with no other one. */
  public static final Option<Boolean> ISOLATED =
      Option.of(
              Option.PREFIX + "lambda.isolation",
              OptionType.parsed(
                  RunOptions::isolatesEnvironments, "must be application or environment"))
          .describedAs(
              "`application`: an environment that served another application is cleaned, and serves this one. `environment`: its process ends instead, before and after this application; each such end costs a cold start and an invocation.")
          .withDefault("application");

  /** All that the shuffle and the Lambda master share. */
  public static final OptionSet ALL = OptionSet.of(LOCATION, NONCE);

  private RunOptions() {}

  private static boolean isolatesEnvironments(String text) {
    return switch (text) {
      case "application" -> false;
      case "environment" -> true;
      default -> throw new IllegalArgumentException(text);
    };
  }
}

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

  /** All of them. */
  public static final OptionSet ALL = OptionSet.of(LOCATION, NONCE);

  private RunOptions() {}
}

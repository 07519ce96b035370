// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Internal;
import io.letsdata.options.NearestName;
import io.letsdata.options.Option;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.errors.ErrorOptions;
import io.letsdata.read.plan.TaskSizes;
import io.letsdata.read.warc.WarcOptions;
import io.letsdata.store.StoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The options of one read or write: the connector's own, the store's, and those of the format.
 * Immutable; lives on the driver.
 *
 * <p>Names are compared without regard to case and dashes: {@code manifest-text} and {@code
 * manifestText} are one option.
 */
@Internal
public final class ConnectorOptions {
  public static final Option<Optional<OutputLayout>> PATH =
      Option.of("path", OptionType.parsed(OutputLayout::of, "must be s3://<bucket>/<prefix>"))
          .blankMeansAbsent()
          .describedAs(
              "A committed output, also as `load(…)` and `save(…)`. A read takes its latest version, and only the objects that this names.")
          .withoutDefault("none");

  public static final Option<Optional<Long>> VERSION =
      Option.of("version", OptionType.whole(1, OutputLayout.MAX_VERSION))
          .blankMeansAbsent()
          .describedAs("With `path`: this version instead of the latest.")
          .withoutDefault("the latest");

  public static final Option<Optional<Duration>> HOLD =
      Option.of("hold", OptionType.duration(Duration.ofSeconds(1), VersionHold.LONGEST))
          .describedAs(
              "With `path`: how long the read may take; `letsdata output expire` keeps the version's files until then. One PUT.")
          .withoutDefault("none");

  public static final Option<Optional<String>> MANIFEST =
      Option.of("manifest", OptionType.text())
          .blankMeansAbsent()
          .describedAs(
              "`s3://`, `file:` or local path of a manifest of any kind (manifest-format/SPEC.md).")
          .withoutDefault("none");

  /** An empty manifest is a valid empty input, so a blank value is a value. */
  public static final Option<Optional<String>> MANIFEST_TEXT =
      Option.of("manifest-text", OptionType.textOrNothing())
          .describedAs("The manifest itself.")
          .withoutDefault("none");

  public static final Option<Optional<String>> BUCKET =
      Option.of("bucket", OptionType.text())
          .blankMeansAbsent()
          .describedAs("Bucket of the bare keys in a list.")
          .withoutDefault("none");

  /** Who wrote a manifest must not decide alone where the reader's permissions are used. */
  public static final Option<Optional<Set<String>>> OTHER_BUCKETS =
      Option.of(
              "other-buckets",
              OptionType.parsed(
                  ConnectorOptions::names, "must be bucket names with commas between them, or *"))
          .blankMeansAbsent()
          .describedAs(
              "Buckets of which a manifest on S3 may also name objects, with commas between them; `*` allows all. Without it: the manifest's own bucket and `bucket`; with `path`, the output only.")
          .withoutDefault("none");

  public static final Option<Optional<String>> TYPE =
      Option.of("type", OptionType.text())
          .blankMeansAbsent()
          .describedAs("Which file of a line `WARC:a|WET:b` is read.")
          .withoutDefault("none");

  public static final Option<Optional<ObjectFormat>> FORMAT =
      Option.of("format", OptionType.oneOf(ObjectFormat.class, ObjectFormat.REMARKS))
          .blankMeansAbsent()
          .describedAs(
              "Format of the objects. A list and a write need it; a snapshot states it. `warc` can only be read.")
          .withoutDefault("the snapshot's");

  public static final Option<Optional<Long>> INFERENCE_OBJECTS =
      Option.of("inference-objects", OptionType.whole(1, Long.MAX_VALUE))
          .blankMeansAbsent()
          .describedAs("How many objects schema inference may read (\"Schema\" below).")
          .withoutDefault("8; all for parquet and orc with `mergeSchema`");

  public static final Option<Boolean> PARTITION_COLUMNS =
      Option.of("partition-columns", OptionType.flag())
          .describedAs(
              "Whether folders `name=value` in the keys of a list are columns (\"Columns in keys\" below).")
          .withDefault("true");

  public static final Option<Optional<Long>> SPLIT_SIZE =
      Option.of("split-size", OptionType.bytes(1024 * 1024, Long.MAX_VALUE))
          .blankMeansAbsent()
          .describedAs("Longest part of an object that one task reads (\"Tasks\" below).")
          .withoutDefault("none: one task an object");

  public static final Option<Optional<Long>> PACK_SIZE =
      Option.of("pack-size", OptionType.bytes(1, Long.MAX_VALUE))
          .blankMeansAbsent()
          .describedAs(
              "Bytes up to which one task reads several objects. Each counts `spark.sql.files.openCostInBytes` more.")
          .withoutDefault("none: one task an object");

  public static final Option<Optional<Long>> FILES_PER_TASK =
      Option.of("files-per-task", OptionType.whole(1, 1_000_000))
          .blankMeansAbsent()
          .describedAs("How many objects one task reads at most.")
          .withoutDefault("1; any number with `pack-size`");

  /** The connector's own, in the order of the documentation. */
  public static final OptionSet OWN =
      OptionSet.of(
          PATH,
          VERSION,
          HOLD,
          MANIFEST,
          MANIFEST_TEXT,
          BUCKET,
          OTHER_BUCKETS,
          TYPE,
          FORMAT,
          INFERENCE_OBJECTS,
          PARTITION_COLUMNS,
          SPLIT_SIZE,
          PACK_SIZE,
          FILES_PER_TASK);

  private final Map<String, String> all;
  private final Options values;
  private final Map<String, String> rest;

  private ConnectorOptions(Map<String, String> all, Map<String, String> rest) {
    this.all = all;
    this.values = Options.ofSession(Map.of()).withOptions(all);
    this.rest = rest;
  }

  /**
   * Takes the options of a read or write, in the spelling the user wrote.
   *
   * @throws io.letsdata.options.InvalidOptionException for a key under {@code spark.letsdata.} that
   *     no installed module knows, or that only a session may set
   */
  public static ConnectorOptions of(Map<String, String> options) {
    InstalledOptions.load().requireKnownOptions(options.keySet());
    Map<String, String> rest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.forEach(
        (name, value) -> {
          boolean ours = name.toLowerCase(Locale.ROOT).startsWith(Option.PREFIX);
          if (!ours && OWN.find(name).isEmpty() && ErrorOptions.ALL.find(name).isEmpty()) {
            rest.put(name, value);
          }
        });
    return new ConnectorOptions(Map.copyOf(options), Collections.unmodifiableMap(rest));
  }

  private static Set<String> names(String list) {
    Set<String> names = new TreeSet<>();
    for (String name : list.split(",", -1)) {
      if (name.isBlank() || name.indexOf('/') >= 0) {
        throw new IllegalArgumentException("'" + name + "' is not a bucket name");
      }
      names.add(name.strip());
    }
    return Collections.unmodifiableSet(names);
  }

  /**
   * The value of one of {@link #OWN}.
   *
   * @throws io.letsdata.options.InvalidOptionException naming option, value and rule
   */
  public <T> T get(Option<T> option) {
    return values.get(option);
  }

  /** How objects become tasks. */
  public TaskSizes taskSizes() {
    return new TaskSizes(get(SPLIT_SIZE), get(PACK_SIZE), get(FILES_PER_TASK));
  }

  /**
   * How to reach the store: options win over the session.
   *
   * @param session the session's configuration: the value of a key, empty when it is not set
   */
  public StoreSettings storeSettings(Function<String, Optional<String>> session) {
    return StoreSettings.from(Options.ofSession(session).withOptions(all));
  }

  /**
   * The options that are neither the connector's nor the store's, checked.
   *
   * @param format whose options are allowed
   * @param known the names that the format knows, in any case
   * @throws UserErrorException naming an unknown option and the nearest known one
   */
  public Map<String, String> formatOptions(ObjectFormat format, Collection<String> known) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(known);
    for (String name : rest.keySet()) {
      // Hadoop settings of parquet and orc travel as options too, as they do with Spark's own
      // source.
      boolean hadoop =
          (format == ObjectFormat.PARQUET || format == ObjectFormat.ORC)
              && name.startsWith(format.text() + ".");
      boolean warc = format == ObjectFormat.WARC && WarcOptions.ALL.find(name).isPresent();
      if (!names.contains(name) && !hadoop && !warc) {
        List<String> allNames = new ArrayList<>(OWN.keys());
        allNames.addAll(ErrorOptions.ALL.keys());
        allNames.addAll(names);
        throw new UserErrorException(
            "Unknown option '%s' for format %s%s. Known: %s"
                .formatted(
                    name,
                    format.text(),
                    NearestName.hint(name, allNames),
                    String.join(", ", allNames)));
      }
    }
    return rest;
  }

  /** All options as they were given. */
  public Map<String, String> all() {
    return all;
  }

  /** The options that are neither the connector's nor the store's, unchecked. */
  public Map<String, String> rest() {
    return rest;
  }
}

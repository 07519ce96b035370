// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.NearestName;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.store.StoreSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The options of one read or write, split into the connector's own, the store's and those of the
 * format. Immutable.
 *
 * <p>Names are compared without regard to case and dashes: {@code manifest-text} and {@code
 * manifestText} are one option.
 */
public final class ConnectorOptions {
  /** Where a committed output is: {@code s3://bucket/prefix}. */
  public static final String PATH = "path";

  /** {@code s3://}, {@code file:} or local path of a manifest of any kind. */
  public static final String MANIFEST = "manifest";

  /** The manifest itself. */
  public static final String MANIFEST_TEXT = "manifest-text";

  /** Bucket of bare keys. */
  public static final String BUCKET = "bucket";

  /** Which file of a line {@code TYPE:key|TYPE:key}. */
  public static final String TYPE = "type";

  /** One of {@link ObjectFormat}. */
  public static final String FORMAT = "format";

  /** Which version of a committed output; the latest when absent. */
  public static final String VERSION = "version";

  /**
   * How many objects, from the first, schema inference may read; default {@value
   * #DEFAULT_INFERENCE_OBJECTS}.
   */
  public static final String INFERENCE_OBJECTS = "inference-objects";

  public static final int DEFAULT_INFERENCE_OBJECTS = 8;

  private static final List<String> OWN =
      List.of(PATH, MANIFEST, MANIFEST_TEXT, BUCKET, TYPE, FORMAT, VERSION, INFERENCE_OBJECTS);
  private static final String STORE_PREFIX = "spark.letsdata.";

  private final Map<String, String> own;
  private final Map<String, String> store;
  private final Map<String, String> rest;

  private ConnectorOptions(
      Map<String, String> own, Map<String, String> store, Map<String, String> rest) {
    this.own = own;
    this.store = store;
    this.rest = rest;
  }

  /** Splits {@code options}, in the spelling the user wrote. */
  public static ConnectorOptions of(Map<String, String> options) {
    Map<String, String> own = new HashMap<>();
    Map<String, String> store = new HashMap<>();
    Map<String, String> rest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.forEach(
        (name, value) -> {
          Optional<String> known = OWN.stream().filter(o -> same(o, name)).findFirst();
          if (known.isPresent()) {
            own.put(known.get(), value);
          } else if (name.toLowerCase(Locale.ROOT).startsWith(STORE_PREFIX)) {
            store.put(name.toLowerCase(Locale.ROOT), value);
          } else {
            rest.put(name, value);
          }
        });
    return new ConnectorOptions(own, store, Collections.unmodifiableMap(rest));
  }

  /**
   * One of the connector's own options, by a name of this class. Blank counts as absent, except for
   * {@link #MANIFEST_TEXT}: an empty manifest is a valid empty input.
   */
  public Optional<String> own(String name) {
    return Optional.ofNullable(own.get(name))
        .filter(value -> name.equals(MANIFEST_TEXT) || !value.isBlank());
  }

  /** A whole number of at least {@code atLeast}, or {@code absent}. */
  public long number(String name, long atLeast, long absent) {
    Optional<String> text = own(name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      long value = Long.parseLong(text.get().strip());
      if (value >= atLeast) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through: the message is the same
    }
    throw new IllegalArgumentException(
        "Invalid value for option %s: '%s' (must be a whole number of at least %d)"
            .formatted(name, text.get(), atLeast));
  }

  /** The format asked for. */
  public Optional<ObjectFormat> format() {
    return own(FORMAT).map(ObjectFormat::parse);
  }

  /** How to reach the store: options win over {@code session}, the session's configuration. */
  public StoreSettings storeSettings(Function<String, Optional<String>> session) {
    return StoreSettings.from(
        key ->
            Optional.ofNullable(store.get(key.toLowerCase(Locale.ROOT)))
                .or(() -> session.apply(key)));
  }

  /**
   * What is neither the connector's nor the store's.
   *
   * @param format whose options are allowed
   * @param known the names that the format knows, in any case
   * @throws IllegalArgumentException naming an unknown option and the nearest known one
   */
  public Map<String, String> formatOptions(ObjectFormat format, Collection<String> known) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(known);
    for (String name : rest.keySet()) {
      // Hadoop settings of parquet travel as options too, as they do with Spark's own source.
      boolean hadoop = format == ObjectFormat.PARQUET && name.startsWith("parquet.");
      if (!names.contains(name) && !hadoop) {
        List<String> all = new ArrayList<>(OWN);
        all.addAll(names);
        throw new IllegalArgumentException(
            "Unknown option '%s' for format %s%s. Known: %s"
                .formatted(
                    name, format.text(), NearestName.hint(name, all), String.join(", ", all)));
      }
    }
    return rest;
  }

  /** The options that no name of this class covers, unchecked. */
  public Map<String, String> rest() {
    return rest;
  }

  private static boolean same(String known, String name) {
    return known.replace("-", "").equalsIgnoreCase(name.replace("-", ""));
  }
}

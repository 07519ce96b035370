// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ReaderOptions;
import io.letsdata.manifest.version.Replays;
import io.letsdata.options.Option;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.write.spark.FormatOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The options of a write, all of them known. Immutable.
 *
 * @param format to write
 * @param ofFormat options for the encoder
 * @param forReaders those of them that a reader needs too; they go into the manifest
 * @param layout who the output is for
 * @param maxRowsPerObject after which a task begins another object, at least 1
 * @param commitId of the user
 * @param manifests the table property of the lists for other systems
 */
record WriteOptions(
    ObjectFormat format,
    Map<String, String> ofFormat,
    Map<String, String> forReaders,
    Layout layout,
    long maxRowsPerObject,
    Optional<String> commitId,
    Optional<String> manifests) {
  static final Option<Layout> LAYOUT =
      Option.of("layout", OptionType.oneOf(Layout.class))
          .describedAs(
              "For whom the output is: `manifest` for readers of manifests, `plain` also for tools that list the output (below).")
          .withDefault("manifest");

  /** Spark's own name for it. */
  static final Option<Optional<Long>> MAX_RECORDS_PER_FILE =
      Option.of("maxRecordsPerFile", OptionType.whole(0, Long.MAX_VALUE))
          .describedAs("Rows after which a task begins another object; `0` is no limit.")
          .withoutDefault("`spark.sql.files.maxRecordsPerFile` of the session");

  /** For a job that may be run again after its driver was lost. */
  static final Option<Optional<String>> COMMIT_ID =
      Option.of(
              "commit-id",
              OptionType.parsed(Replays::requireId, "must be 1 to 256 characters, not blank"))
          .describedAs(
              "Names the commit: when the output has a commit with this id, the job succeeds and adds nothing. For jobs that may be run again.")
          .withoutDefault("none");

  /** For an output that other systems read, too. */
  static final Option<Optional<String>> MANIFESTS =
      Option.of(
              "manifests",
              OptionType.parsed(
                  names -> ForeignManifests.property(ForeignManifests.kinds(names)),
                  "must be success, symlink and redshift, with commas between them"))
          .describedAs(
              "Of a write that creates or overwrites an output: the lists for other systems that it and every later commit writes (below).")
          .withoutDefault("none");

  /** The writer's own, in the order of the documentation. */
  static final OptionSet OWN = OptionSet.of(LAYOUT, MAX_RECORDS_PER_FILE, COMMIT_ID, MANIFESTS);

  /** They shape the bytes in ways that every reader understands, or are in the key's extension. */
  private static final List<String> ONLY_FOR_WRITING =
      List.of(
          "escapeQuotes",
          "ignoreNullFields",
          "pretty",
          "quoteAll",
          "writeNonAsciiCharacterAsCodePoint");

  /** Spark's second names, of which the first counts when both are set (3.5.9). */
  private static final Map<String, String> SECOND_NAMES =
      Map.of("charset", "encoding", "codec", "compression", "delimiter", "sep");

  WriteOptions {
    ofFormat = Collections.unmodifiableMap(new TreeMap<>(ofFormat));
    forReaders = Collections.unmodifiableMap(new TreeMap<>(forReaders));
  }

  /**
   * Sorts options out.
   *
   * @param sessionMaxRows of an object when the options state none; 0 is no limit
   * @throws io.letsdata.options.UserErrorException for an unknown option, naming the nearest, and
   *     for a wrong value
   */
  static WriteOptions of(ObjectFormat format, Map<String, String> options, long sessionMaxRows) {
    List<String> ofThisFormat = FormatOptions.names(format);
    List<String> known = new ArrayList<>(OWN.keys());
    known.addAll(ofThisFormat);
    Map<String, String> checked = ConnectorOptions.of(options).formatOptions(format, known);

    List<String> allowed = ReaderOptions.of(format);
    Map<String, String> ofFormat = new TreeMap<>();
    Map<String, String> forReaders = new TreeMap<>();
    for (Map.Entry<String, String> option : checked.entrySet()) {
      String name = canonical(option.getKey(), known);
      if (OWN.find(name).isPresent()) {
        continue;
      }
      String first = SECOND_NAMES.getOrDefault(name, name);
      if (!first.equals(name) && checked.containsKey(first)) {
        continue;
      }
      ofFormat.put(first, option.getValue());
      if (allowed.contains(first) && !ONLY_FOR_WRITING.contains(first)) {
        forReaders.put(first, option.getValue());
      }
    }
    Options own = Options.ofSession(Map.of()).withOptions(checked);
    long maxRows = own.get(MAX_RECORDS_PER_FILE).orElse(sessionMaxRows);
    return new WriteOptions(
        format,
        ofFormat,
        forReaders,
        own.get(LAYOUT),
        maxRows <= 0 ? Long.MAX_VALUE : maxRows,
        own.get(COMMIT_ID),
        own.get(MANIFESTS));
  }

  /** These options and {@code defaults}, for the encoder and for readers, where they set none. */
  WriteOptions withDefaults(Map<String, String> defaults) {
    Map<String, String> encoder = new TreeMap<>(defaults);
    encoder.putAll(ofFormat);
    Map<String, String> readers = new TreeMap<>(defaults);
    readers.putAll(forReaders);
    return new WriteOptions(
        format, encoder, readers, layout, maxRowsPerObject, commitId, manifests);
  }

  // One spelling in the manifest, or an append with another spelling would look like another
  // format.
  private static String canonical(String name, List<String> known) {
    return known.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }
}

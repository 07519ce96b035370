// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Partition;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists of an output's files in the forms of other systems, kept in step with the latest
 * version (SPEC.md, "Manifests of other systems"). Stateless.
 *
 * <p>The table property {@link #PROPERTY} names them, so every later writer keeps them too. They
 * are written after the commit, and a failure is only logged.
 */
@Internal
public final class ForeignManifests {
  /** Names of {@link Kind}s with commas between them, in lower case. */
  public static final String PROPERTY = "letsdata.manifests";

  private static final Logger LOG = LoggerFactory.getLogger(ForeignManifests.class);

  /** Writers that finish at the same time may write an older list last; each looks again. */
  private static final int MOST_ROUNDS = 5;

  /** A form of a list. */
  public enum Kind {
    /** {@code _SUCCESS}: an empty object beside the data. */
    SUCCESS,
    /**
     * {@code _symlink_format_manifest/[<partition>/]manifest}: a location a line, for {@code
     * SymlinkTextInputFormat} of Athena, Presto and Hive.
     */
    SYMLINK,
    /** {@code _redshift_manifest/manifest}: JSON for COPY and Spectrum. */
    REDSHIFT
  }

  private ForeignManifests() {}

  /**
   * The kinds of a property or an option.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Set<Kind> kinds(String names) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        kinds.add(
            Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "'" + name.strip() + "' is not success, symlink or redshift")));
      }
    }
    return kinds;
  }

  /** The property for these kinds. */
  public static String property(Set<Kind> kinds) {
    return String.join(
        ",", kinds.stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).sorted().toList());
  }

  /**
   * Writes the lists that the version asks for. No request when it asks for none; else a LIST and a
   * GET of the latest version, a GET for each part, and a PUT for each list whose bytes may be
   * others, at most {@link #MOST_ROUNDS} times. Never fails.
   */
  static void follow(ObjectStore store, OutputLayout output, Snapshot committed) {
    if (!committed.table().properties().containsKey(PROPERTY)) {
      return;
    }
    try {
      ManifestLog log = new ManifestLog(store, output);
      Snapshot written = committed;
      for (int round = 1; round <= MOST_ROUNDS; round++) {
        write(store, output, log, written);
        // An older list of this writer may have replaced that of a later version.
        Snapshot latest = log.latest().orElse(written);
        if (latest.version() == written.version()) {
          return;
        }
        written = latest;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Version {} of {} is committed, and its manifests for other systems are not written; the next commit writes them.",
          committed.version(),
          output.output(),
          e);
    }
  }

  private static void write(
      ObjectStore store, OutputLayout output, ManifestLog log, Snapshot version)
      throws IOException {
    Set<Kind> kinds = kinds(version.table().properties().getOrDefault(PROPERTY, ""));
    if (kinds.contains(Kind.SYMLINK) || kinds.contains(Kind.REDSHIFT)) {
      List<ManifestEntry> files = log.allFiles(version);
      if (kinds.contains(Kind.SYMLINK)) {
        symlinks(store, output, version, files);
      }
      if (kinds.contains(Kind.REDSHIFT)) {
        put(store, output, "_redshift_manifest/manifest", redshift(files));
      }
    }
    if (kinds.contains(Kind.SUCCESS)) {
      put(store, output, "_SUCCESS", "");
    }
  }

  private static void symlinks(
      ObjectStore store, OutputLayout output, Snapshot version, List<ManifestEntry> files)
      throws IOException {
    String prefix = "_symlink_format_manifest/";
    Map<String, StringBuilder> texts = new TreeMap<>();
    if (version.table().partitionBy().isEmpty()) {
      texts.put(prefix + "manifest", new StringBuilder());
    }
    for (ManifestEntry file : files) {
      Partition partition = file.partition();
      String folder = partition.values().isEmpty() ? "" : partition.path() + "/";
      texts
          .computeIfAbsent(prefix + folder + "manifest", name -> new StringBuilder())
          .append(file.location())
          .append('\n');
    }
    for (Map.Entry<String, StringBuilder> text : texts.entrySet()) {
      put(store, output, text.getKey(), text.getValue().toString());
    }
    // Partitions that have no files any more.
    List<ObjectLocation> withoutFiles = new ArrayList<>();
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), key(output, prefix));
      listed.forEachRemaining(
          object -> {
            String name = object.location().key().substring(key(output, "").length());
            if (name.endsWith("/manifest") && !texts.containsKey(name)) {
              withoutFiles.add(object.location());
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!withoutFiles.isEmpty()) {
      store.delete(withoutFiles);
    }
  }

  /** {@code {"entries":[{"url":…,"mandatory":true,"meta":{"content_length":…}}]}}. */
  private static String redshift(List<ManifestEntry> files) {
    StringBuilder text = new StringBuilder("{\"entries\":[");
    String separator = "\n";
    for (ManifestEntry file : files) {
      text.append(separator)
          .append("{\"url\":\"")
          .append(file.location().replace("\\", "\\\\").replace("\"", "\\\""))
          .append("\",\"mandatory\":true");
      if (file.lengthBytes().isPresent()) {
        text.append(",\"meta\":{\"content_length\":")
            .append(file.lengthBytes().getAsLong())
            .append('}');
      }
      text.append('}');
      separator = ",\n";
    }
    return text.append("]}\n").toString();
  }

  private static void put(ObjectStore store, OutputLayout output, String name, String text)
      throws IOException {
    String unused =
        store.put(
            new ObjectLocation(output.bucket(), key(output, name)),
            ObjectContent.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String key(OutputLayout output, String name) {
    return output.prefix().isEmpty() ? name : output.prefix() + "/" + name;
  }
}

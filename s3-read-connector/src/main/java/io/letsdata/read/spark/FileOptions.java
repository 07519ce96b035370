// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spark.task.IgnoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FileSourceOptions$;

/** The options that all of Spark's file sources have, for the objects of a manifest. Pure. */
@Internal
public final class FileOptions {
  private static final String GLOB = "pathGlobFilter";
  private static final String RECURSIVE = "recursiveFileLookup";
  private static final List<String> OF_TIMES = List.of("modifiedBefore", "modifiedAfter");

  /** Every name. */
  public static final List<String> NAMES =
      List.of(
          FileSourceOptions$.MODULE$.IGNORE_MISSING_FILES(),
          FileSourceOptions$.MODULE$.IGNORE_CORRUPT_FILES(),
          GLOB,
          RECURSIVE,
          OF_TIMES.get(0),
          OF_TIMES.get(1));

  private FileOptions() {}

  /** The name in Spark's spelling; others as they are. */
  public static String canonical(String name) {
    return NAMES.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  /** Whether objects may be passed over. */
  public static boolean ignores(SparkSession session, Map<String, String> options) {
    return !IgnoredFiles.of(session, options).equals(IgnoredFiles.NONE);
  }

  /**
   * The objects that the options leave.
   *
   * @param options without regard to case; the options that only choose objects are removed
   * @throws UserErrorException for options of times, which a manifest does not state
   */
  public static List<ManifestEntry> select(
      String input, List<ManifestEntry> files, Map<String, String> options) {
    for (String name : OF_TIMES) {
      if (options.containsKey(name)) {
        throw new UserErrorException(
            "Cannot read %s with the option '%s': a manifest does not state when objects were modified. Leave the objects out of the manifest."
                .formatted(input, name));
      }
    }
    String glob = options.remove(GLOB);
    if (glob == null) {
      return files;
    }
    try {
      GlobFilter filter = new GlobFilter(glob);
      return files.stream().filter(file -> filter.accept(new Path("/" + nameOf(file)))).toList();
    } catch (IOException e) {
      throw new UserErrorException(
          "Cannot read %s: 'pathGlobFilter'='%s' is not a pattern (%s). Correct it."
              .formatted(input, glob, e.getMessage()));
    }
  }

  private static String nameOf(ManifestEntry file) {
    String key = file.key();
    String name = key.substring(key.lastIndexOf('/') + 1);
    return name.isEmpty() ? "/" : name;
  }

  /** Whether the user wants no columns from keys, as Spark does without partition discovery. */
  public static boolean isRecursive(Map<String, String> options) {
    return Boolean.parseBoolean(options.remove(RECURSIVE));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import io.letsdata.options.UserErrorException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Looks for the local files that settings name. Spark passes over a jar that is missing and over a
 * folder, and the job fails later on a class or a file that is not there. Stateless.
 */
final class NamedFiles {
  private static final List<String> SETTINGS =
      List.of("spark.jars", "spark.files", "spark.archives", "spark.submit.pyFiles");
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):.*");
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private NamedFiles() {}

  /**
   * Asks the local file system for each file; what lies elsewhere is for Spark to fetch.
   *
   * @throws UserErrorException that names the first one that is no file
   */
  static void check(Map<String, String> settings) {
    for (String setting : SETTINGS) {
      for (String entry : settings.getOrDefault(setting, "").split(",", -1)) {
        String name = entry.strip();
        if (!name.isEmpty() && isLocal(name) && !isThere(path(name))) {
          throw new UserErrorException(
              "Cannot start the driver: "
                  + setting
                  + " names "
                  + name
                  + ", and there is no such file. Correct the path.");
        }
      }
    }
  }

  /** Whether Spark reads the name as a path of this machine. */
  static boolean isLocal(String name) {
    return !SCHEME.matcher(name).matches() || name.startsWith("file:") || name.startsWith("local:");
  }

  /** The path of a {@link #isLocal local} name, without a fragment. */
  static Path path(String name) {
    String file = name.contains("#") ? name.substring(0, name.lastIndexOf('#')) : name;
    if (!SCHEME.matcher(file).matches()) {
      return Path.of(file);
    }
    String rest = file.substring(file.indexOf(':') + 1);
    try {
      String path = URI.create(file).getPath();
      return Path.of(path == null ? rest : path);
    } catch (IllegalArgumentException e) {
      return Path.of(rest); // a space, which no URI has
    }
  }

  private static boolean isThere(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    String last = String.valueOf(file.getFileName());
    if (folder == null || !GLOB.matcher(file.toString()).find()) {
      return Files.isRegularFile(file);
    }
    if (GLOB.matcher(folder.toString()).find()) {
      return true; // a pattern of folders is for Spark to resolve
    }
    try (DirectoryStream<Path> matches =
        Files.newDirectoryStream(
            folder,
            path ->
                folder.getFileSystem().getPathMatcher("glob:" + last).matches(path.getFileName())
                    && Files.isRegularFile(path))) {
      return Files.isRegularFile(file) || matches.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }
}

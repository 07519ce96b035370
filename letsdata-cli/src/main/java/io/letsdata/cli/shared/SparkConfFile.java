// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** A file in the form of spark-defaults.conf: a key, white space, a value. Stateless. */
@Internal
public final class SparkConfFile {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private SparkConfFile() {}

  /**
   * Reads a file the way Spark does (Utils.getPropertiesFromFile, 3.5.9).
   *
   * @throws CliException when the file cannot be read or holds a key that Spark would ignore
   */
  public static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(
          "Cannot read conf file "
              + file
              + ": "
              + reason(e)
              + ". Write one with 'letsdata local up --conf FILE'.",
          e);
    }
    Map<String, String> conf = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (!key.startsWith("spark.")) {
        throw new CliException(
            "Cannot use conf file "
                + file
                + ": key '"
                + key
                + "' does not start with 'spark.'. Remove it.");
      }
      conf.put(key, properties.getProperty(key).trim());
    }
    return conf;
  }

  /**
   * Writes the file whole or not at all; {@link #read} gives the same map. Only this user can read
   * it. A file or link that has the name is replaced, and not written through.
   */
  public static void write(Path file, Map<String, String> conf) {
    StringBuilder text =
        new StringBuilder("# Written by letsdata local up; valid while it runs.\n");
    new TreeMap<>(conf)
        .forEach(
            (key, value) ->
                text.append(key).append(' ').append(value.replace("\\", "\\\\")).append('\n'));
    Path absolute = file.toAbsolutePath();
    try {
      Path unfinished = Files.createTempFile(absolute.getParent(), ".letsdata-", ".conf", OWNER);
      try {
        Files.writeString(unfinished, text);
        Files.move(unfinished, absolute, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new CliException(
          "Cannot write conf file "
              + file
              + ": "
              + reason(e)
              + ". Name a file in a folder that exists.",
          e);
    }
  }

  /** Deletes the file if it is there. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CliException("Cannot delete conf file " + file + ": " + reason(e) + ".", e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException
        ? "no such file or folder"
        : String.valueOf(e.getMessage());
  }
}

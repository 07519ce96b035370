// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.shared;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where the build left what the command starts: one root, given by the launcher script.
 *
 * @param home the repository's root
 */
@Internal
public record Distribution(Path home) {
  /** System property that the launcher sets. */
  public static final String HOME = "letsdata.home";

  /**
   * The distribution the launcher named.
   *
   * @throws CliException when this JVM was not started by the launcher
   */
  public static Distribution current() {
    String home = System.getProperty(HOME);
    if (home == null) {
      throw new CliException(
          "Cannot find the build: system property " + HOME + " is not set. Start ./letsdata.");
    }
    return new Distribution(Path.of(home));
  }

  /**
   * Whether stderr is a terminal; the launcher knows, Java does not (System.console asks for stdin
   * too).
   */
  public static boolean hasTerminal() {
    return Boolean.getBoolean("letsdata.terminal");
  }

  /** Class path of a driver: Spark, our connectors, shuffle and executor. */
  public Path driverLib() {
    return cliDist().resolve("lib");
  }

  /** Log settings that keep Spark quiet. */
  public Path logConfiguration() {
    return cliDist().resolve("conf").resolve("log4j2.properties");
  }

  /** The S3 and Lambda stand-in. */
  public Path localCloud() {
    return home.resolve("local-cloud").resolve("target").resolve("dist");
  }

  /** The function package of the worker and its create-function.json. */
  public Path workerFunction() {
    return home.resolve("lambda-worker").resolve("target").resolve("function");
  }

  /**
   * SHA-256 of the function's package, in hexadecimal digits; absent when the build has none. Reads
   * the whole zip: half a second.
   */
  public Optional<String> workerSha256() {
    Path zip = workerFunction().resolve("letsdata-worker.zip");
    try (InputStream in = Files.newInputStream(zip)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return Optional.of(HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CliException("Cannot read " + zip + ": " + e + ". Build it again.", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }

  /** Every jar of {@link #driverLib}, sorted. Reads one directory. */
  public List<Path> driverJars() {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(driverLib(), "*.jar")) {
      files.forEach(jars::add);
    } catch (IOException e) {
      throw new CliException(
          "Cannot read the class path: " + driverLib() + " is missing. Start ./letsdata to build.",
          e);
    }
    Collections.sort(jars);
    return jars;
  }

  private Path cliDist() {
    return home.resolve("letsdata-cli").resolve("target").resolve("dist");
  }
}

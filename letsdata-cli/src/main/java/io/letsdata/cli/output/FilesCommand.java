// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.ManifestLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata output files}: the files of a version. */
@Command(
    name = "files",
    description = "The files of a version: location, bytes, rows, partition, separated by tabs.")
@Internal
public final class FilesCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin OutputFlags flags = new OutputFlags();

  @Option(names = "--version", paramLabel = "N", description = "The version (default: the latest).")
  @Nullable Long version;

  @Override
  public Integer call() throws IOException {
    return flags.use(
        (store, output) -> {
          ManifestLog log = new ManifestLog(store, output);
          Iterator<ManifestEntry> files = log.files(OutputFlags.version(log, version));
          PrintWriter out = spec.commandLine().getOut();
          try {
            files.forEachRemaining(file -> out.println(line(file)));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          out.flush();
          return 0;
        });
  }

  private static String line(ManifestEntry file) {
    return String.format(
        Locale.ROOT,
        "%s\t%s\t%s\t%s",
        file.location(),
        file.lengthBytes().isPresent() ? file.lengthBytes().getAsLong() : "?",
        file.rows().isPresent() ? file.rows().getAsLong() : "?",
        file.partition().path());
  }
}

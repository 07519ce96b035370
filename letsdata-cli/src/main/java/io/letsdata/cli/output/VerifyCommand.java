// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.write.OutputCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata output verify}: compares the files of a version with the store. */
@Command(
    name = "verify",
    description = "Check that every file of a version exists with its length and etag.",
    footer = {"", "Exit code 1 when a file is missing or has changed."})
@Internal
public final class VerifyCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin OutputFlags flags = new OutputFlags();

  @Option(names = "--version", paramLabel = "N", description = "The version (default: the latest).")
  @Nullable Long version;

  @Override
  public Integer call() throws IOException {
    return flags.use(
        (store, output) -> {
          Snapshot manifest = OutputFlags.version(new ManifestLog(store, output), version);
          OutputCheck.Result result = OutputCheck.verify(store, output, manifest);
          PrintWriter out = spec.commandLine().getOut();
          result.problems().forEach(out::println);
          out.printf(
              Locale.ROOT,
              "%s v%d  %,d files, %,d problems%n",
              output.output(),
              manifest.version(),
              result.files(),
              result.problems().size());
          out.flush();
          return result.problems().isEmpty() ? 0 : 1;
        });
  }
}

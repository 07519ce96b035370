// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.cli.shared.Ages;
import io.letsdata.executor.cleanup.RunCleanup;
import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import io.letsdata.write.OutputExpiry;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata output expire}: ends the life of old versions and deletes their files. */
@Command(
    name = "expire",
    description = "Expire old versions, and delete the files that only these have.",
    footer = {
      "",
      "A version expires when it is not among the last --keep versions and was replaced before",
      "--older-than. A version that a reader holds (option hold of a read) stays.",
      "Example:  letsdata output expire s3://bucket/events --keep 10 --older-than 7d --dry-run"
    })
@Internal
public final class ExpireCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin OutputFlags flags = new OutputFlags();

  @Option(
      names = "--keep",
      paramLabel = "N",
      defaultValue = "1",
      description = "Versions that stay, the latest included (default: ${DEFAULT-VALUE}).")
  int keep = 1;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      defaultValue = "7d",
      converter = Ages.class,
      description =
          "Versions that were replaced less long ago stay: 90m, 24h, 3d (default:"
              + " ${DEFAULT-VALUE}).")
  Duration olderThan = Duration.ofDays(7);

  @Option(names = "--dry-run", description = "Print what would expire, and change nothing.")
  boolean dryRun;

  @Override
  public Integer call() throws IOException {
    if (keep < 1) {
      throw flags.badUse("Invalid value for --keep: " + keep + " (must be at least 1)");
    }
    OutputExpiry.Keep rule = new OutputExpiry.Keep(keep, olderThan);
    return flags.use(
        (store, output) -> {
          String probes = output.letsDataPrefix().replaceFirst("/$", "");
          Instant now = new RunCleanup(store, new ObjectLocation(output.bucket(), probes)).now();
          OutputExpiry.Result result =
              dryRun
                  ? OutputExpiry.plan(store, output, now, rule)
                  : OutputExpiry.expire(store, output, now, rule);
          PrintWriter out = spec.commandLine().getOut();
          out.printf(
              Locale.ROOT,
              "%s  versions %s  %s%n",
              output.output(),
              result.expired().isEmpty() ? "none" : result.expired().toString(),
              dryRun
                  ? "would expire"
                  : String.format(
                      Locale.ROOT, "expired, %,d objects deleted", result.deleted().size()));
          if (!result.held().isEmpty()) {
            out.printf(
                "%s  versions %s  kept: a reader holds them%n", output.output(), result.held());
          }
          out.flush();
          return 0;
        });
  }
}

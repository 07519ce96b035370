// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Internal;
import io.letsdata.write.OutputHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata output history}: who committed which version, and what it holds. */
@Command(
    name = "history",
    description = "The versions, the latest first: who committed them, and what they hold.")
@Internal
public final class HistoryCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin OutputFlags flags = new OutputFlags();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Number of versions (default: ${DEFAULT-VALUE}).")
  int limit = 20;

  @Override
  public Integer call() throws IOException {
    return flags.use(
        (store, output) -> {
          List<Snapshot> versions = OutputHistory.latest(store, output, limit);
          PrintWriter out = spec.commandLine().getOut();
          if (versions.isEmpty()) {
            out.println("No version is committed in " + output.output() + ".");
          }
          versions.forEach(version -> out.println(line(version)));
          out.flush();
          return 0;
        });
  }

  static String line(Snapshot version) {
    String commit =
        version
            .lineage()
            .map(
                lineage ->
                    String.format(
                        Locale.ROOT,
                        "%s  %s  +%,d -%,d  by %s%s%s",
                        lineage.time(),
                        lineage.operation().text(),
                        lineage.change().addedFiles(),
                        lineage.change().removedFiles(),
                        lineage.application(),
                        lineage.commitId().map(id -> "  commit-id " + id).orElse(""),
                        lineage.stream().map(stream -> "  " + stream).orElse("")))
            .orElse("written by an earlier version");
    return String.format(
        Locale.ROOT,
        "%d  %s  %s",
        version.version(),
        version.state() == VersionState.LIVE
            ? String.format(
                Locale.ROOT,
                "%,d files, %s rows, %s bytes",
                version.fileCount(),
                text(version.rowCount()),
                text(version.dataBytes()))
            : version.state().text(),
        commit);
  }

  static String text(OptionalLong number) {
    return number.isPresent() ? String.format(Locale.ROOT, "%,d", number.getAsLong()) : "?";
  }
}

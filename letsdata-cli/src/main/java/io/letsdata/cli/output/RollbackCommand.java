// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Internal;
import io.letsdata.write.OutputHistory;
import io.letsdata.write.commit.CommitOrigin;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata output rollback}: commits an earlier version again. */
@Command(
    name = "rollback",
    description = "Commit a new version with the files, schema and options of an earlier one.",
    footer = {"", "What was committed since stays in the history, and can be rolled back to."})
@Internal
public final class RollbackCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin OutputFlags flags = new OutputFlags();

  @Option(
      names = "--to",
      paramLabel = "N",
      required = true,
      description = "The version to go back to.")
  long version;

  @Override
  public Integer call() throws IOException {
    return flags.use(
        (store, output) -> {
          Snapshot published =
              OutputHistory.rollBack(
                  store,
                  output,
                  version,
                  CommitOrigin.of("letsdata-output", System.getProperty("user.name", "")));
          PrintWriter out = spec.commandLine().getOut();
          out.println(HistoryCommand.line(published));
          out.flush();
          return 0;
        });
  }
}

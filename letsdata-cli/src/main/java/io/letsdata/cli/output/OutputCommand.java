// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.options.Internal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code letsdata output}: a group. */
@Command(
    name = "output",
    description = "The versions of an output: what they hold, and how many are kept.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HistoryCommand.class,
      FilesCommand.class,
      VerifyCommand.class,
      RollbackCommand.class,
      ExpireCommand.class
    })
@Internal
public final class OutputCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}

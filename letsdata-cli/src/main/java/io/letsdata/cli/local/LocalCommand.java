// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.local;

import io.letsdata.options.Internal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code letsdata local}: a group. */
@Command(
    name = "local",
    description = "The local stand-in for S3 and Lambda.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = LocalUpCommand.class)
@Internal
public final class LocalCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli;

import io.letsdata.options.Internal;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Objects;
import picocli.CommandLine;

/** The {@code letsdata} command. Exit codes: 0 done, 1 failed, 2 bad use. */
@Internal
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Charset charset = Charset.defaultCharset();
    int exitCode =
        run(
            new PrintWriter(System.out, true, charset),
            new PrintWriter(System.err, true, charset),
            args);
    System.exit(exitCode);
  }

  /** Runs one command line and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine command = new CommandLine(new Letsdata());
    // What follows the user's jar is the user's, whatever it looks like.
    Objects.requireNonNull(command.getSubcommands().get("submit")).setStopAtPositional(true);
    return command
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Failures::onBadUse)
        .setExecutionExceptionHandler(Failures::onFailure)
        .setUsageHelpAutoWidth(true)
        .execute(args);
  }
}

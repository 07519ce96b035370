// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli;

import io.letsdata.options.Printable;
import io.letsdata.options.UserErrorException;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Turns a failure into one line for people. Stateless. */
final class Failures {
  /** Exit code of a command that was used rightly and failed. */
  static final int FAILED = 1;

  private static final String OUR_FORM = "Cannot ";

  private Failures() {}

  /** Bad use: the reason and where help is, exit code 2. */
  static int onBadUse(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.printf(
        "letsdata: %s. See '%s --help'.%n",
        firstLine(String.valueOf(e.getMessage())).replaceFirst("\\.$", ""),
        command.getCommandSpec().qualifiedName());
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  /** The command failed: one line, or the stack trace when the user asked for it. */
  static int onFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    if (isShuttingDown()) {
      // Ctrl-C takes everything away under a running query; what breaks then is no news.
      return FAILED;
    }
    PrintWriter err = command.getErr();
    Letsdata root = (Letsdata) command.getCommandSpec().root().userObject();
    if (root.debug) {
      e.printStackTrace(err);
    } else {
      err.println("letsdata: " + oneLine(e));
    }
    err.flush();
    return FAILED;
  }

  /**
   * The line of the chain of causes that names the remedy: the first of a user's error or in the
   * form of our own errors, else the outermost.
   *
   * <p>Spark puts a task's exception into the text of its own, so the form is looked for inside of
   * messages too.
   */
  static String oneLine(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      String ours =
          t instanceof UserErrorException
              ? firstLine(String.valueOf(t.getMessage()))
              : ourLine(t.getMessage());
      if (ours != null) {
        return ours;
      }
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getName() + ". Run again with --debug to see where.";
    }
    // The message of many exceptions of the JDK is only a file's name; their type is the reason.
    return failure.getClass().getSimpleName() + ": " + firstLine(message);
  }

  private static @Nullable String ourLine(@Nullable String message) {
    if (message == null) {
      return null;
    }
    int start = message.indexOf(OUR_FORM);
    boolean startsAWord =
        start == 0 || (start > 0 && Character.isWhitespace(message.charAt(start - 1)));
    return startsAWord ? firstLine(message.substring(start)) : null;
  }

  private static String firstLine(String text) {
    return String.valueOf(Printable.text(text.strip().lines().findFirst().orElse("")));
  }

  private static boolean isShuttingDown() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}

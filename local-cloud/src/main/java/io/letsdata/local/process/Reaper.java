// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.process;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A small shell that signals processes for this process and outlives it. When this process's end of
 * the pipe closes, for any reason (also SIGKILL), the shell kills every tracked process and removes
 * the given folder.
 *
 * <p>Frozen processes would otherwise stay for ever: a stopped process does not notice that its
 * parent has ended. Signals go through the shell's built-in {@code kill}, in the order of the
 * calls, because the JDK can neither stop nor continue a process. Thread-safe; the caller that
 * starts it closes it.
 */
@Internal
public final class Reaper implements AutoCloseable {

  // "$group" is "-" when children lead process groups of their own, so that a signal reaches what
  // they spawn as well.
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP QUIT TSTP
      pids=
      dir=
      while read -r verb rest; do
        case $verb in
          track) pids="$pids $rest" ;;
          forget) kept=; for p in $pids; do [ "$p" = "$rest" ] || kept="$kept $p"; done; pids=$kept ;;
          remove) dir=$rest ;;
          *) kill -s "$verb" -- "$rest" ;;
        esac
      done
      for p in $pids; do kill -s KILL -- "$p"; done
      if [ -n "$dir" ]; then rm -rf -- "$dir" || { sleep 1; rm -rf -- "$dir"; }; fi
      """;

  private final Process shell;
  private final OutputStream commands;
  private final Optional<String> setsid = findOnPath("setsid");

  private Reaper(Process shell) {
    this.shell = shell;
    this.commands = shell.getOutputStream();
  }

  /** Starts the shell. */
  public static Reaper start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Reaper(builder.start());
  }

  /**
   * Removes {@code folder} with all its content when this process has ended. At most one folder;
   * the last call wins.
   */
  public void removeAtEnd(Path folder) {
    send("remove " + folder.toAbsolutePath());
  }

  /**
   * Starts a process that ends with this one. Where {@code setsid} exists the process leads a group
   * of its own: a Ctrl-C in the terminal does not reach it, and signals reach its children too.
   *
   * @param builder its command is changed when a group is made
   */
  public ChildProcess spawn(ProcessBuilder builder) throws IOException {
    if (setsid.isPresent()) {
      List<String> command = new java.util.ArrayList<>(builder.command());
      command.add(0, setsid.get());
      builder.command(command);
    }
    Process process = builder.start();
    String target = (setsid.isPresent() ? "-" : "") + process.pid();
    send("track " + target);
    var unused = process.onExit().thenRun(() -> send("forget " + target));
    return new ChildProcess(process, target, this);
  }

  /**
   * Sends {@code signal} (name without SIG) to {@code target} (a pid, or minus a group); does
   * nothing when it has ended.
   */
  void signal(String signal, String target) {
    send(signal + " " + target);
  }

  private synchronized void send(String line) {
    try {
      commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      commands.flush();
    } catch (IOException e) {
      // Only when the shell has ended or is being closed. A process that it would have stopped
      // runs on; one that it would have killed is killed by its owner directly.
    }
  }

  /** Kills what is still tracked, removes the folder and waits up to five seconds for that. */
  @Override
  public void close() {
    try {
      synchronized (this) {
        commands.close();
      }
      if (!shell.waitFor(5, java.util.concurrent.TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> findOnPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return java.util.Arrays.stream(path.split(":", -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}

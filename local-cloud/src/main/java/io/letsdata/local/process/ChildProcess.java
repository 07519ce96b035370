// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.process;

import io.letsdata.options.Internal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A process that a {@link Reaper} tracks. Thread-safe. Its owner kills it; the reaper kills it at
 * the latest.
 */
@Internal
public final class ChildProcess {

  private final Process process;
  private final String target;
  private final Reaper reaper;

  ChildProcess(Process process, String target, Reaper reaper) {
    this.process = process;
    this.target = target;
    this.reaper = reaper;
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** False once it ended and was waited for. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code; 128 plus the signal's number when a signal ended it. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * SIGSTOP: no thread of it runs until {@link #thaw}. Asynchronous, in order with {@link #thaw}.
   */
  public void freeze() {
    reaper.signal("STOP", target);
  }

  /** SIGCONT. */
  public void thaw() {
    reaper.signal("CONT", target);
  }

  /** SIGKILL, also when frozen, to it and what it spawned. Returns at once. */
  public void kill() {
    reaper.signal("KILL", target);
    process.destroyForcibly();
  }

  /** Memory and threads now; empty where there is no /proc or no such process. One short read. */
  public Optional<ProcessStatus> status() {
    try {
      return Optional.of(
          ProcessStatus.parse(
              Files.readString(
                  Path.of("/proc", Long.toString(pid()), "status"), StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Open descriptors now; empty as above. The kernel lists every one of them. */
  public OptionalLong descriptors() {
    String[] open = new File("/proc/" + pid() + "/fd").list();
    return open == null ? OptionalLong.empty() : OptionalLong.of(open.length);
  }
}

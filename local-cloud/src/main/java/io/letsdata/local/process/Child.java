package io.letsdata.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A process that a {@link Reaper} keeps. Thread-safe; its owner kills it, at the latest the reaper
 * does.
 */
public final class Child {

  private final Process process;
  private final String target;
  private final Reaper reaper;

  Child(Process process, String target, Reaper reaper) {
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

  /** Resident set now, in bytes; empty where there is no /proc or no such process. */
  public OptionalLong residentBytes() {
    return statusBytes("VmRSS:");
  }

  /** The largest resident set so far, in bytes. */
  public OptionalLong peakResidentBytes() {
    return statusBytes("VmHWM:");
  }

  /** Threads now; empty as above. */
  public OptionalLong threads() {
    return status("Threads:");
  }

  /** Open descriptors now; empty as above. */
  public OptionalLong descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      return OptionalLong.of(open.count());
    } catch (IOException | java.io.UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong statusBytes(String field) {
    OptionalLong kilobytes = status(field);
    return kilobytes.isPresent() ? OptionalLong.of(kilobytes.getAsLong() * 1024) : kilobytes;
  }

  private OptionalLong status(String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }
}

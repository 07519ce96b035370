// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who runs on which core. S3 takes none of its users' cores; a local S3 server does, and makes
 * whatever is beside it look slow. By {@code taskset} of util-linux, so on Linux only.
 */
enum Cores {
  /** This process has the first core, the S3 server and what stands before it the second. */
  APART(1),
  /** Everything runs where the kernel likes. */
  SHARED(2);

  private static final String OURS = "0";
  private static final String THEIRS = "1";

  private final int sparkTasks;

  Cores(int sparkTasks) {
    this.sparkTasks = sparkTasks;
  }

  /** {@code local[n]} with as many tasks as Spark has cores. */
  String master() {
    return "local[" + sparkTasks + "]";
  }

  /**
   * Divides the cores between this process and those it has started.
   *
   * @throws IOException when there is only one core, or no taskset
   */
  void divide() throws IOException {
    if (this == SHARED) {
      return;
    }
    move(ProcessHandle.current().pid(), OURS);
    try (Stream<ProcessHandle> started = ProcessHandle.current().descendants()) {
      for (ProcessHandle process : started.toList()) {
        move(process.pid(), THEIRS);
      }
    }
  }

  /**
   * Counts this process's threads of that name among those of the server, and all threads that they
   * start from now on.
   *
   * @param name at most 15 characters, all that the kernel knows of it
   */
  void toServer(String name) throws IOException {
    if (this == SHARED) {
      return;
    }
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        if (isNamed(thread, name)) {
          moveThread(thread);
        }
      }
    }
  }

  private static void moveThread(Path thread) throws IOException {
    try {
      taskset("-p", "-c", THEIRS, thread.getFileName().toString());
    } catch (IOException e) {
      if (Files.exists(thread)) { // else it has ended meanwhile
        throw e;
      }
    }
  }

  private static boolean isNamed(Path thread, String name) throws IOException {
    try {
      return Files.readString(thread.resolve("comm")).strip().equals(name);
    } catch (NoSuchFileException ended) {
      return false;
    }
  }

  private static void move(long pid, String core) throws IOException {
    taskset("-a", "-p", "-c", core, String.valueOf(pid));
  }

  private static void taskset(String... arguments) throws IOException {
    List<String> command = Stream.concat(Stream.of("taskset"), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      String said = String.join(" ", output.lines().toList());
      if (process.waitFor() != 0) {
        throw new IOException(
            "Cannot divide the cores: '"
                + String.join(" ", command)
                + "' says: "
                + said
                + ". Use cores=shared.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Cannot divide the cores: interrupted.", e));
    }
  }
}

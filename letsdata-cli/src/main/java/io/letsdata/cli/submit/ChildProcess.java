// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program on our terminal. Stateless. */
final class ChildProcess {
  private static final int STOP_SECONDS = 4;

  private ChildProcess() {}

  /**
   * Runs until it ends; when this JVM is asked to stop, the child is stopped first.
   *
   * @param environment variables beside those of this process
   * @return its exit code
   */
  static int run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread stop = new Thread(() -> stop(process), "stop-child");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      return process.waitFor();
    } finally {
      remove(stop);
    }
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is stopping: the hook runs and does what is due.
    }
  }
}

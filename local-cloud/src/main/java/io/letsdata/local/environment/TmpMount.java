// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A /tmp of the size that a function has (developer guide, "Configure ephemeral storage for Lambda
 * functions"): a file system in memory, in a mount namespace of the process and its children. It
 * ends with them, however they end. Pure, but for {@link #check}.
 */
@Internal
public final class TmpMount {
  private static final String MOUNT =
      "mount -t tmpfs -o size=\"$1\"m,mode=0700 tmpfs \"$2\" && shift 2 && exec \"$@\"";

  private TmpMount() {}

  /** The arguments to put before a command, which keeps its process id. */
  static List<String> before(Path folder, int megabytes) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("/bin/sh", "-c", MOUNT, "sh"));
    command.addAll(List.of(String.valueOf(megabytes), folder.toString()));
    return command;
  }

  /**
   * Mounts one as a trial. Takes milliseconds.
   *
   * @throws IOException when this machine does not allow it
   */
  public static void check() throws IOException {
    Path folder = Files.createTempDirectory("letsdata-mount");
    try {
      List<String> command = new ArrayList<>(before(folder, 1));
      command.add("true");
      Process tried = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!tried.waitFor(10, TimeUnit.SECONDS) || tried.exitValue() != 0) {
        tried.destroyForcibly();
        throw new IOException(
            "Cannot limit /tmp: %s. Run as root, allow user namespaces, or leave it unlimited."
                .formatted(output.strip().lines().findFirst().orElse("no output")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while trying to mount", e);
    } finally {
      Files.delete(folder);
    }
  }
}

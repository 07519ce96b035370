// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The disk of an environment as on Lambda, in a mount namespace of its process and the children of
 * that, with which it ends: a /tmp of the size that the function has (developer guide, "Configure
 * ephemeral storage for Lambda functions"), and nothing else that can be written. Pure, but for
 * {@link #check}.
 */
@Internal
public final class EnvironmentDisk {
  /**
   * Arguments: folder of the process's /tmp, its size in MB or 0, folder to mount at the literal
   * path /tmp or nothing, folders to show below that with colons between them, the command. Folders
   * that the process needs may lie below /tmp itself, so they are mounted there again. A file
   * system that cannot be made read-only belongs to the kernel.
   */
  private static final String MOUNT =
      """
      own="$1"; size="$2"; root="$3"; shown="$4"; shift 4
      if [ "$size" -gt 0 ]; then
        mount -t tmpfs -o size="$size"m,mode=0700 tmpfs "$own" || exit
      else
        mount --bind "$own" "$own" || exit
      fi
      if [ -n "$root" ]; then
        mount --bind "$root" "$root" || exit
        IFS=:
        for folder in $shown "$own"; do
          case "$folder" in
            /tmp/*)
              mkdir -p "$root/${folder#/tmp/}" || exit
              mount --bind "$folder" "$root/${folder#/tmp/}" || exit ;;
          esac
        done
        unset IFS
        mount --rbind "$root" /tmp || exit
        while read -r device point rest; do
          case "$point" in
            /proc|/proc/*|/sys|/sys/*|/dev|/dev/*|/tmp|"$own") ;;
            *) mount -o remount,bind,ro "$point" 2> /dev/null ;;
          esac
        done < /proc/self/mounts
      fi
      exec "$@"
      """;

  private EnvironmentDisk() {}

  /**
   * The mounts of an environment.
   *
   * @param tmp folder that its process takes for its /tmp; exists
   * @param megabytes size of a file system in memory there; 0: the disk of the machine
   * @param root folder for the literal path /tmp; exists; empty: nothing becomes read-only
   * @param shown folders that the process reads, wherever they are; without colons
   */
  record Disk(Path tmp, int megabytes, Optional<Path> root, List<Path> shown) {}

  /** The arguments to put before a command, which keeps its process id. */
  static List<String> before(Disk disk) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("/bin/sh", "-c", MOUNT, "sh"));
    command.add(absolute(disk.tmp()));
    command.add(String.valueOf(disk.megabytes()));
    command.add(disk.root().map(EnvironmentDisk::absolute).orElse(""));
    command.add(
        disk.shown().stream().map(EnvironmentDisk::absolute).collect(Collectors.joining(":")));
    return command;
  }

  private static String absolute(Path folder) {
    return folder.toAbsolutePath().normalize().toString();
  }

  /**
   * Mounts one as a trial. Takes milliseconds.
   *
   * @throws IOException when this machine does not allow it
   */
  public static void check() throws IOException {
    Path folder = Files.createTempDirectory("letsdata-mount");
    Path tmp = Files.createDirectory(folder.resolve("mount"));
    Path root = Files.createDirectory(folder.resolve("root"));
    try {
      List<String> command =
          new ArrayList<>(before(new Disk(tmp, 1, Optional.of(root), List.of())));
      command.add("true");
      Process tried = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!tried.waitFor(10, TimeUnit.SECONDS) || tried.exitValue() != 0) {
        tried.destroyForcibly();
        throw new IOException(
            "Cannot mount the disk of an environment: %s. Run as root, allow user namespaces, or ask neither for a limited /tmp nor for a disk of its own."
                .formatted(output.strip().lines().findFirst().orElse("no output")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while trying to mount", e);
    } finally {
      ExecutionEnvironment.deleteTree(folder);
    }
  }
}

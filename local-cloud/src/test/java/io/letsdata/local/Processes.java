// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at processes from outside. */
final class Processes {

  private static final int SIGINT = 2;

  private Processes() {}

  /**
   * The state of /proc: R, S, T (stopped), Z (ended, not waited for) and so on; X when it is gone.
   */
  static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return 'X';
    }
  }

  /** Whether SIGINT does nothing to it; a shell starts what runs in its background like that. */
  static boolean ignoresInterrupt(long pid) {
    try {
      String ignored =
          Files.readString(Path.of("/proc/" + pid + "/status"))
              .lines()
              .filter(line -> line.startsWith("SigIgn:"))
              .map(line -> line.substring("SigIgn:".length()).strip())
              .findFirst()
              .orElse("0");
      return (Long.parseUnsignedLong(ignored, 16) & (1L << (SIGINT - 1))) != 0;
    } catch (IOException e) {
      return false; // no such process
    }
  }

  /** Ended, whether or not someone waited for it. */
  static boolean isGone(long pid) {
    char state = state(pid);
    return state == 'X' || state == 'Z';
  }
}

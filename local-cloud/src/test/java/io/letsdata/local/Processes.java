package io.letsdata.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at processes from outside. */
final class Processes {

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

  /** Ended, whether or not someone waited for it. */
  static boolean isGone(long pid) {
    char state = state(pid);
    return state == 'X' || state == 'Z';
  }
}

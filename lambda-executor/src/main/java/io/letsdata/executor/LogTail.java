package io.letsdata.executor;

import java.util.ArrayList;
import java.util.List;

/** The end of a function's log, short enough for an error message. Pure. */
public final class LogTail {
  private static final int LINES = 20;
  private static final int CHARS = 4_000;

  private LogTail() {}

  /**
   * The last 20 lines, at most 4,000 characters, without trailing blanks. Stack frames go first:
   * while there are more lines than that, those that begin with a tab and {@code at} are left out,
   * oldest first.
   *
   * @param logTail what Lambda sent, up to 4 KB; may be empty, may begin in the middle of a line
   */
  public static String of(String logTail) {
    List<String> lines = new ArrayList<>(logTail.strip().lines().toList());
    int surplus = lines.size() - LINES;
    for (int i = 0; i < lines.size() && surplus > 0; ) {
      if (lines.get(i).startsWith("\tat ")) {
        lines.remove(i);
        surplus--;
      } else {
        i++;
      }
    }
    String text = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    return text.length() <= CHARS ? text : text.substring(text.length() - CHARS);
  }
}

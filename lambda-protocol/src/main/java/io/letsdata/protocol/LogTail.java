// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a function's log, short enough for an error message. Pure. */
@Internal
public final class LogTail {
  private static final int LINES = 20;
  private static final int CHARS = 4_000;

  /** The text before the name of its stream in a worker's log, when a task begins. */
  public static final String STREAM = "log stream ";

  /** The text before the function's time limit, in seconds, which is longer than the payload's. */
  public static final String RAISED_LIMIT = "the function's time limit is now ";

  private static final Pattern LIMIT = Pattern.compile(RAISED_LIMIT + "(\\d{1,6}) s");

  private static final Pattern STREAM_NAME = Pattern.compile(STREAM + "([^\\s,]+)");

  private LogTail() {}

  /** The log stream that the worker named last; empty when the tail does not reach back so far. */
  public static String stream(String logTail) {
    Matcher matcher = STREAM_NAME.matcher(logTail);
    String name = "";
    while (matcher.find()) {
      name = matcher.group(1);
    }
    return name;
  }

  /** The function's time limit, from the log of a worker that ended itself at a shorter one. */
  public static Optional<Duration> raisedLimit(String logTail) {
    Matcher matcher = LIMIT.matcher(logTail);
    return matcher.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1))))
        : Optional.empty();
  }

  /**
   * The last 20 lines, at most 4,000 characters, without trailing blanks. Stack frames are left out
   * first: while there are more lines than that, the oldest one that begins with a tab and {@code
   * at} is removed.
   *
   * @param logTail the log as Lambda sent it, up to 4 KB; may be empty, may begin in the middle of
   *     a line
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

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.process;

import io.letsdata.options.Internal;

/**
 * The memory and the threads of a process, from one read of {@code /proc/<pid>/status} (proc(5)). A
 * process that has ended has no memory any more: 0.
 *
 * @param residentBytes resident set now
 * @param peakResidentBytes the largest resident set so far
 * @param threads threads now
 */
@Internal
public record ProcessStatus(long residentBytes, long peakResidentBytes, long threads) {

  static ProcessStatus parse(String text) {
    return new ProcessStatus(
        number(text, "\nVmRSS:") * 1024,
        number(text, "\nVmHWM:") * 1024,
        number(text, "\nThreads:"));
  }

  /** The digits of the field's line; 0 when there is none. */
  private static long number(String text, String field) {
    int start = text.indexOf(field);
    if (start < 0) {
      return 0;
    }
    long number = 0;
    for (int i = start + field.length(); i < text.length() && text.charAt(i) != '\n'; i++) {
      int digit = Character.digit(text.charAt(i), 10);
      number = digit < 0 ? number : number * 10 + digit;
    }
    return number;
  }
}

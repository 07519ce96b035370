// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

/** The function's process ended before it was ready. */
final class RuntimeExit extends Exception {

  private final transient Answer answer;

  RuntimeExit(String status, Answer answer) {
    super("Runtime exited with error: " + status);
    this.answer = answer;
  }

  /** What its invoker is told. */
  Answer answer() {
    return answer;
  }
}

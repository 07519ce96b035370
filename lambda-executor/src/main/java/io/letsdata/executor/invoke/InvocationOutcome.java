// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.account.InvocationReport;
import java.util.Optional;

/** How one dispatch of a task ended, as far as the Lambda API can tell. */
public sealed interface InvocationOutcome {

  /** The function returned {@code body}. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Answered(byte[] body, String requestId, String logTail, Optional<InvocationReport> report)
      implements InvocationOutcome {}

  /**
   * The function ended without a result: crash, time limit, memory, a failed start. Nothing of it
   * runs on.
   */
  record FunctionFailed(
      FailureKind kind,
      String message,
      String requestId,
      String logTail,
      Optional<InvocationReport> report)
      implements InvocationOutcome {}

  /** The connection broke after the request was sent: it may have run, may still run. */
  record AnswerLost(String message) implements InvocationOutcome {}

  /**
   * The API will not run this at all: no such function, no permission. Trying again cannot help.
   */
  record Refused(String message) implements InvocationOutcome {}

  /** Nobody wanted it any more when its turn came; nothing of it runs. */
  record Withdrawn() implements InvocationOutcome {}

  /** What ended a function. */
  enum FailureKind {
    TIMEOUT,
    CRASH,
    OUT_OF_MEMORY,
    INIT,
    OVERSIZED_RESPONSE,
    HANDLER
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.account.InvocationReport;
import io.letsdata.options.Internal;
import java.util.Optional;

/** How an invocation ended, as far as the Lambda API shows it. */
@Internal
public sealed interface InvocationOutcome {

  /** The function returned {@code body}. */
  @Internal
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Returned(byte[] body, String requestId, String logTail, Optional<InvocationReport> report)
      implements InvocationOutcome {}

  /**
   * The function ended without a result: crash, time limit, memory, a failed start. It does not run
   * any longer.
   */
  @Internal
  record FunctionFailed(
      FailureKind kind,
      String message,
      String requestId,
      String logTail,
      Optional<InvocationReport> report)
      implements InvocationOutcome {}

  /** The connection broke after the request was sent: the function may have run or still run. */
  @Internal
  record ResponseLost(String message) implements InvocationOutcome {}

  /** The API refuses the request: no such function, no permission. A retry cannot help. */
  @Internal
  record Refused(String message) implements InvocationOutcome {}

  /** The caller did not want the invocation any longer, before it was sent; nothing ran. */
  @Internal
  record Withdrawn() implements InvocationOutcome {}

  /** The cause of a function's end. */
  @Internal
  enum FailureKind {
    TIMEOUT,
    /** The worker ended itself at the limit of its payload; the function's own is longer now. */
    LIMIT_RAISED,
    CRASH,
    OUT_OF_MEMORY,
    INIT,
    /** The environment ended itself before the task, because of another application. */
    OTHER_APPLICATION,
    OVERSIZED_RESPONSE,
    HANDLER
  }
}

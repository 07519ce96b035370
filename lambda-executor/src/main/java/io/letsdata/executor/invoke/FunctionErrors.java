// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.protocol.LogTail;
import io.letsdata.protocol.Messages;
import java.util.Set;

/** The cause of a function's end, from the error that Lambda reports. Pure. */
final class FunctionErrors {
  /**
   * Error types of a package, image or handler that can never start (Runtime API, Java runtime).
   */
  private static final Set<String> NEVER_STARTS =
      Set.of(
          "ClassNotFound",
          "NoClassDefFound",
          "NoSuchMethod",
          "HandlerNotFound",
          "InvalidHandler",
          "InvalidEntrypoint",
          "InvalidWorkingDir",
          "InvalidTaskConfig",
          "ImportModuleError",
          "MalformedHandler");

  /** Exit of an executor whose task ran out of heap (SparkExitCode.OOM, 3.5.9). */
  private static final String SPARK_OUT_OF_MEMORY = "exit status 52";

  private FunctionErrors() {}

  /**
   * The kind of an error.
   *
   * @param type {@code errorType}, may be empty
   * @param message {@code errorMessage}, may be empty
   * @param logTail shows whether the environment had started
   */
  static FailureKind kind(String type, String message, String logTail) {
    if (type.contains("OutOfMemoryError")
        || message.contains("signal: killed")
        || message.contains(SPARK_OUT_OF_MEMORY)) {
      return FailureKind.OUT_OF_MEMORY;
    }
    if (message.contains("Init timed out")
        || type.contains("Init")
        || message.contains(Messages.DIFFER)
        || NEVER_STARTS.stream().anyMatch(type::contains)) {
      return FailureKind.INIT;
    }
    if (message.contains("Task timed out after")) {
      return FailureKind.TIMEOUT;
    }
    if (type.equals("Function.ResponseSizeTooLarge")) {
      return FailureKind.OVERSIZED_RESPONSE;
    }
    if (message.contains("exit status " + Messages.EXIT_OTHER_APPLICATION)
        && logTail.contains(Messages.OTHER_APPLICATION)) {
      return FailureKind.OTHER_APPLICATION;
    }
    if (message.contains("exit status " + Messages.EXIT_LIMIT_RAISED)
        && LogTail.raisedLimit(logTail).isPresent()) {
      return FailureKind.LIMIT_RAISED;
    }
    if (type.equals("Runtime.ExitError")) {
      // A failed init phase is repeated within the invocation, and this error ended the repetition.
      return logTail.contains("INIT_REPORT") ? FailureKind.INIT : FailureKind.CRASH;
    }
    return FailureKind.HANDLER;
  }
}

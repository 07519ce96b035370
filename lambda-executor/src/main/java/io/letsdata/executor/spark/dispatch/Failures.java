// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.protocol.LogTail;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong: what, why, what to do. Pure. */
public final class Failures {
  private Failures() {}

  /** The message of the failure that matters, without its wrappers. */
  public static String line(Throwable failure) {
    Throwable t = failure;
    while ((t instanceof CompletionException || t instanceof UncheckedIOException)
        && t.getCause() != null) {
      t = t.getCause();
    }
    String message = t.getMessage();
    return message == null ? t.toString() : message;
  }

  /** No other try can end differently. */
  static boolean isFinal(FailureKind kind) {
    return kind == FailureKind.INIT || kind == FailureKind.OVERSIZED_RESPONSE;
  }

  /** A function that ended without a result, with its remedy and the tail of its log. */
  static String describe(
      LambdaSettings settings,
      FunctionInfo function,
      TaskDispatch dispatch,
      FunctionFailed failed) {
    String what = dispatch.label() + " on function '" + settings.function() + "'";
    String memory = function.memoryMb() == 0 ? "all" : function.memoryMb() + " MB";
    String text =
        switch (failed.kind()) {
          case TIMEOUT ->
              what
                  + " was stopped at the function's time limit of "
                  + function.timeout().toSeconds()
                  + " s. Give the function more memory, which is more CPU, or a higher limit"
                  + " (Lambda's is 900 s), or make the task smaller: more partitions, smaller or"
                  + " splittable files.";
          case OUT_OF_MEMORY ->
              what
                  + " ran out of memory: it has "
                  + memory
                  + ". Raise the function's memory, or use more and smaller partitions.";
          case CRASH -> what + " crashed: " + failed.message() + ".";
          case INIT ->
              what
                  + " did not start: "
                  + failed.message()
                  + ". Check the function's package or image, its handler and its variables;"
                  + " deploy the package of the driver's version.";
          case OVERSIZED_RESPONSE ->
              what
                  + " answered more than the 6 MB that Lambda carries: "
                  + failed.message()
                  + " Use fewer shuffle partitions or smaller accumulators.";
          case HANDLER -> what + " failed outside the task: " + failed.message() + ".";
        };
    return text + "\n" + where(settings, function, failed.requestId(), null, failed.logTail());
  }

  /**
   * Which request it was, where its log is, and the end of that.
   *
   * @param logStream as the worker said; otherwise the log's own word for it is looked for
   */
  static String where(
      LambdaSettings settings,
      FunctionInfo function,
      String requestId,
      @Nullable String logStream,
      String logTail) {
    String stream = logStream != null ? logStream : LogTail.stream(logTail);
    String tail = LogTail.of(logTail);
    return "Function '"
        + settings.function()
        + "', request "
        + requestId
        + ", log group "
        + function.logGroup()
        + (stream.isEmpty() ? "" : ", stream " + stream)
        + (tail.isEmpty() ? "." : ". End of its log:\n" + tail);
  }
}

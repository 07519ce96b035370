// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.account.InvocationReport;
import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.executor.spark.publish.RunContext;
import io.letsdata.options.Internal;
import io.letsdata.protocol.LogTail;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Messages about failures: the problem, the reason, the remedy. Pure. */
@Internal
public final class FailureMessages {
  private static final Pattern TIMED_OUT = Pattern.compile("Task timed out after (\\d+)");

  private FailureMessages() {}

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

  /** Whether a retry must end in the same way. */
  static boolean isFinal(FailureKind kind) {
    return kind == FailureKind.INIT || kind == FailureKind.OVERSIZED_RESPONSE;
  }

  /** A function that ended without a result, with its remedy and the tail of its log. */
  static String describe(RunContext run, TaskDispatch dispatch, FunctionFailed failed) {
    FunctionInfo function = run.function();
    String what = dispatch.label() + " on function '" + run.settings().function() + "'";
    long memoryMb = failed.report().map(InvocationReport::memoryMb).orElse(function.memoryMb());
    String memory = memoryMb == 0 ? "all" : memoryMb + " MB";
    String text =
        switch (failed.kind()) {
          case TIMEOUT ->
              what
                  + " was stopped at the function's time limit of "
                  + limit(failed.message()).orElse(function.limit().current().toSeconds())
                  + " s. Give the function more memory, which is more CPU, or a higher limit"
                  + " (Lambda's is 900 s), or make the task smaller: more partitions, smaller or"
                  + " splittable files.";
          case LIMIT_RAISED ->
              what
                  + " was ended by its worker, because the driver counted with a shorter time limit"
                  + " than the function has now. Tasks have the new limit of "
                  + function.limit().current().toSeconds()
                  + " s from the next try on.";
          case OUT_OF_MEMORY ->
              what
                  + " ran out of memory: it has "
                  + memory
                  + ". Raise the function's memory, or use more and smaller partitions.";
          case OTHER_APPLICATION ->
              what
                  + " met only environments that serve other applications. Use a function of its"
                  + " own for this application, or isolation by application.";
          case CRASH -> what + " crashed: " + failed.message() + ".";
          case INIT ->
              what
                  + " did not start: "
                  + failed.message()
                  + ". Check the function's package or image, its handler and its variables;"
                  + " deploy the package of the driver's version.";
          case OVERSIZED_RESPONSE ->
              what
                  + " sent a response larger than the 6 MB that Lambda carries: "
                  + failed.message()
                  + " Use fewer shuffle partitions or smaller accumulators.";
          case HANDLER -> what + " failed outside the task: " + failed.message() + ".";
        };
    return text + "\n" + where(run, failed.requestId(), null, failed.logTail());
  }

  /** The time limit in Lambda's message, in seconds: it may have changed since the start. */
  private static Optional<Long> limit(String message) {
    Matcher matcher = TIMED_OUT.matcher(message);
    return matcher.find() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }

  /**
   * The request, the place of its log, and the end of that log.
   *
   * @param logStream as the worker named it; null when it did not, then the log tail is searched
   */
  static String where(
      RunContext run, String requestId, @Nullable String logStream, String logTail) {
    String stream = logStream != null ? logStream : LogTail.stream(logTail);
    String tail = LogTail.of(logTail);
    return "Function '"
        + run.settings().function()
        + "', request "
        + requestId
        + ", log group "
        + run.function().logGroup()
        + (stream.isEmpty() ? "" : ", stream " + stream)
        + (tail.isEmpty() ? "." : ". End of its log:\n" + tail);
  }
}

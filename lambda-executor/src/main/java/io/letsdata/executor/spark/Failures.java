package io.letsdata.executor.spark;

import io.letsdata.executor.FunctionInfo;
import io.letsdata.executor.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.LambdaSettings;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;

/** Words for what went wrong: what, why, what to do. Pure. */
final class Failures {
  private static final int TAIL_CHARS = 2_000;

  private Failures() {}

  /** The message of the failure that matters, without its wrappers. */
  static String line(Throwable failure) {
    Throwable t = failure;
    while ((t instanceof CompletionException || t instanceof UncheckedIOException)
        && t.getCause() != null) {
      t = t.getCause();
    }
    String message = t.getMessage();
    return message == null ? t.toString() : message;
  }

  /** A function that ended without a result, with its remedy and the tail of its log. */
  static String describe(
      LambdaSettings settings,
      FunctionInfo function,
      TaskDispatch dispatch,
      FunctionFailed failed) {
    String what = dispatch.label() + " on function '" + settings.function() + "'";
    String text =
        switch (failed.kind()) {
          case TIMEOUT ->
              what
                  + " was stopped at the function's time limit of "
                  + function.timeout().toSeconds()
                  + " s. Raise the limit or the memory, or use smaller files.";
          case OUT_OF_MEMORY ->
              what
                  + " ran out of its "
                  + function.memoryMb()
                  + " MB of memory. Raise the function's memory, or use more and smaller partitions.";
          case CRASH -> what + " crashed: " + failed.message() + ".";
          case INIT ->
              what + " did not start: " + failed.message() + ". Check its package and handler.";
          case OVERSIZED_RESPONSE ->
              what + " answered more than Lambda carries: " + failed.message();
          case HANDLER -> what + " failed outside the task: " + failed.message();
        };
    String tail = failed.logTail().strip();
    if (tail.length() > TAIL_CHARS) {
      tail = tail.substring(tail.length() - TAIL_CHARS);
    }
    return text + " Request " + failed.requestId() + ". Log tail:\n" + tail;
  }
}

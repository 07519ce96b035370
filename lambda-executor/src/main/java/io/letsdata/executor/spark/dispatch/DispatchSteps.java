// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of dispatches on the executor for requests. A step that throws, be it an Error,
 * fails its dispatch, so that no slot is ever lost. Thread-safe.
 */
final class DispatchSteps {
  private static final Logger LOG = LoggerFactory.getLogger(DispatchSteps.class);

  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final DispatchSettler settler;

  /** A part of a dispatch's way to its end; may make requests to the store. */
  interface Step {
    void run() throws IOException;
  }

  /** Both executors belong to the caller. */
  DispatchSteps(Executor executor, ScheduledExecutorService timer, DispatchSettler settler) {
    this.executor = executor;
    this.timer = timer;
    this.settler = settler;
  }

  /** Runs the step on this thread. */
  void now(TaskDispatch dispatch, Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.warn("Cannot settle {}", dispatch.label(), e);
      settler.fail(dispatch, "Cannot settle " + dispatch.label() + ": " + FailureMessages.line(e));
    }
  }

  /** Runs the step on the executor, unless the application is stopping. */
  void later(TaskDispatch dispatch, Step step) {
    submit(() -> now(dispatch, step));
  }

  /** Runs the step after a pause, unless the application stops before. */
  @SuppressWarnings("FutureReturnValueIgnored") // the step settles the dispatch
  void after(long pauseMillis, TaskDispatch dispatch, Step step) {
    try {
      timer.schedule(() -> later(dispatch, step), pauseMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  /** Runs work that belongs to no dispatch's way to its end. */
  void submit(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }
}

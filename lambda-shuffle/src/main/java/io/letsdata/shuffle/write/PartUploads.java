// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.write;

import io.letsdata.shuffle.request.Interruptibly;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the parts of one upload in the background while its writer makes the next. One thread adds
 * parts, completes or aborts; that thread gets the failure of any part.
 */
final class PartUploads {
  private static final Logger LOG = LoggerFactory.getLogger(PartUploads.class);

  /**
   * How long an abort waits for the requests that it has broken off, before it leaves the clean-up
   * to the last of them.
   */
  private static final long ABORT_MILLIS = 1_000;

  private final MultipartUpload upload;
  private final Executor executor;
  private final Runnable whileWaiting;

  private final Object lock = new Object();
  private int running;
  private @Nullable Throwable failure;

  /** The upload will not be completed. */
  private volatile boolean aborted;

  /** {@link #abort} did not wait for the last request, which then sends the abort itself. */
  private boolean leftToTheLast;

  private int parts;

  /**
   * Of an upload that has begun.
   *
   * @param whileWaiting called about ten times a second while the writer waits; may throw to give
   *     up
   */
  PartUploads(MultipartUpload upload, Executor executor, Runnable whileWaiting) {
    this.upload = upload;
    this.executor = executor;
    this.whileWaiting = whileWaiting;
  }

  /**
   * Sends one part, 1 PUT, and returns at once.
   *
   * @param sent called when the content is needed no more, if the part was stored
   * @throws IOException when this or an earlier part failed
   */
  void add(ObjectContent content, Runnable sent) throws IOException {
    int number = ++parts;
    synchronized (lock) {
      rethrow();
      running++;
    }
    try {
      executor.execute(() -> send(number, content, sent));
    } catch (RejectedExecutionException e) {
      ended(e);
      throw new IOException(
          "Cannot store part " + number + " of " + upload.location() + ": the process ends.", e);
    }
  }

  private void send(int number, ObjectContent content, Runnable sent) {
    Throwable thrown = null;
    try {
      if (!aborted) {
        var unused = upload.uploadPart(number, new CancellableContent(content, () -> aborted));
        sent.run();
      }
    } catch (Throwable t) { // handed to the writer, which rethrows it
      thrown = t;
    }
    ended(thrown);
  }

  private void ended(@Nullable Throwable thrown) {
    boolean sendsAbort;
    synchronized (lock) {
      if (failure == null) {
        failure = thrown;
      }
      running--;
      sendsAbort = leftToTheLast && running == 0;
      lock.notifyAll();
    }
    if (sendsAbort) {
      try {
        upload.abort();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Left parts of {} to the bucket's lifecycle rule", upload.location(), e);
      }
    }
  }

  /** Waits until so few parts are under way. */
  void awaitRunning(int atMost) throws IOException {
    Interruptibly.awaitTrue(
        "store parts of " + upload.location(), whileWaiting, millis -> isRunning(atMost, millis));
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private boolean isRunning(int atMost, long millis) throws IOException, InterruptedException {
    synchronized (lock) {
      rethrow();
      if (running <= atMost) {
        return true;
      }
      lock.wait(millis);
      return false;
    }
  }

  /** Sends the last part, waits for all and makes the object visible. 1 PUT and 1 POST. */
  void complete(ObjectContent last) throws IOException {
    add(last, () -> {});
    awaitRunning(0);
    String unusedEtag = upload.complete();
  }

  /**
   * Breaks off what is under way and deletes the parts: 1 DELETE, by this thread if the others end
   * within a second, else by the last of them. To be called once.
   */
  void abort() throws IOException {
    synchronized (lock) {
      aborted = true;
      long until = System.nanoTime() + ABORT_MILLIS * 1_000_000;
      for (long left = ABORT_MILLIS; running > 0 && left > 0; ) {
        pause(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
      if (running > 0) {
        leftToTheLast = true;
        return;
      }
    }
    upload.abort();
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private void pause(long millis) throws InterruptedIOException {
    try {
      lock.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "Cannot store parts of " + upload.location() + ": interrupted.");
    }
  }

  private void rethrow() throws IOException {
    if (failure instanceof IOException io) {
      throw new IOException(io.getMessage(), io);
    } else if (failure != null) {
      throw new IOException(
          "Cannot store a part of " + upload.location() + ": " + failure, failure);
    }
  }
}

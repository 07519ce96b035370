// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.account.InvocationReport;
import io.letsdata.executor.invoke.InvocationOutcome;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.InvocationOutcome.ResponseLost;
import io.letsdata.executor.invoke.InvocationOutcome.Returned;
import io.letsdata.executor.invoke.InvocationOutcome.Withdrawn;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatches merges of shuffle outputs to workers and collects their reports. Best effort: a merge
 * that is refused, crashes, comes late or never costs the query nothing but the merge. Thread-safe.
 */
final class MergeDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(MergeDispatcher.class);

  private final RunContext run;
  private final OutputRegistry offsets;
  private final LongSupplier nanoClock;
  private final Runnable roomAgain;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();
  private final LaterDeletes deletes;

  /**
   * At most as many merges of one exchange as the run's concurrency are with the invoker at once.
   *
   * @param roomAgain called when a merge has ended; must not block
   */
  MergeDispatcher(
      RunContext run, OutputRegistry offsets, LongSupplier nanoClock, Runnable roomAgain) {
    this.run = run;
    this.offsets = offsets;
    this.nanoClock = nanoClock;
    this.roomAgain = roomAgain;
    this.deletes = new LaterDeletes(run, nanoClock);
  }

  /** Makes the bytes of an invocation. */
  interface Payloads {
    /** May store a large payload. {@code left} is how much longer the stage waits. */
    byte[] build(MergeJob job, String dispatch, Duration left) throws IOException;
  }

  /**
   * Sends the merges, each once, until one crashes its function: the others are as large.
   *
   * @param jobs of one shuffle; at least one
   * @param atMost how long the stage waits; then the flags of merges in flight are raised, one PUT
   *     each
   * @param cancelled fails when the stage has been cancelled; the flags are raised then, too
   * @return completes when all have ended or the stage does not wait any longer; never
   *     exceptionally
   */
  @SuppressWarnings("FutureReturnValueIgnored") // each ends the batch
  CompletableFuture<Void> run(
      List<MergeJob> jobs, Payloads payloads, Duration atMost, CompletableFuture<?> cancelled) {
    MergeBatch batch = new MergeBatch(jobs, atMost, nanoClock);
    cancelled.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            giveUp(batch);
          }
        });
    try {
      run.threads().timer().schedule(() -> giveUp(batch), atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      batch.giveUp(); // the application is stopping
    }
    for (int i = 0; i < Math.min(run.settings().concurrency(), jobs.size()); i++) {
      later(() -> next(batch, payloads));
    }
    int shuffleId = jobs.get(0).shuffleId();
    return batch.over().thenRun(() -> offsets.mergesEnded(shuffleId));
  }

  private void giveUp(MergeBatch batch) {
    batch.giveUp();
    run.invoker().withdrawUnwanted();
    batch.dispatches().forEach(dispatch -> later(() -> raiseFlag(dispatch)));
  }

  private void later(Runnable work) {
    try {
      run.threads().io().execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // ends in settle()
  private void next(MergeBatch batch, Payloads payloads) {
    Optional<MergeJob> job = batch.next();
    if (job.isEmpty()) {
      return;
    }
    String dispatch = UUID.randomUUID().toString();
    Duration left = batch.left();
    byte[] bytes;
    boolean stored;
    try {
      bytes = payloads.build(job.get(), dispatch, left);
      stored = Messages.isStoredPayload(bytes);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot build the payload of a merge of shuffle {}", job.get().shuffleId(), e);
      giveUp(batch);
      batch.ended();
      return;
    }
    batch.dispatches().add(dispatch);
    inFlight.add(dispatch);
    Duration timeout = run.function().limit().current();
    Duration limit = timeout.compareTo(left) < 0 ? timeout : left;
    run.invoker()
        .invoke(bytes, limit, new BatchCaller(batch))
        .whenComplete(
            (outcome, ignored) ->
                later(
                    () -> {
                      batch.dispatches().remove(dispatch);
                      inFlight.remove(dispatch);
                      if (stored) {
                        deletes.add(List.of(run.layout().payload(dispatch)));
                      }
                      settle(batch, job.get(), outcome);
                      batch.ended();
                      next(batch, payloads);
                      roomAgain.run();
                    }));
  }

  private record BatchCaller(MergeBatch batch) implements LambdaInvoker.Caller {
    @Override
    public boolean wanted() {
      return batch.isWanted();
    }

    @Override
    public void sending() {}

    @Override
    public void ranUnseen() {}
  }

  private void settle(MergeBatch batch, MergeJob job, InvocationOutcome outcome) {
    try {
      if (outcome instanceof Returned returned) {
        returned(job, returned);
      } else if (outcome instanceof FunctionFailed failed) {
        run.account().mergeFailed(failed.report(), RequestCounts.ZERO);
        LOG.info(
            "The function failed in a merge of shuffle {} (request {}): {}. No more merges are"
                + " sent; the other outputs are read directly.",
            job.shuffleId(),
            failed.requestId(),
            failed.message());
        batch.sendNoMore();
        run.invoker().withdrawUnwanted();
      } else if (outcome instanceof ResponseLost lost) {
        run.account().mergeFailed(Optional.empty(), RequestCounts.ZERO);
        LOG.info(
            "The response of a merge of shuffle {} was lost: {}", job.shuffleId(), lost.message());
      } else if (outcome instanceof Refused refused) {
        LOG.warn("No more merges of shuffle {} are sent: {}", job.shuffleId(), refused.message());
        giveUp(batch);
      } else if (outcome instanceof Withdrawn) {
        LOG.debug("A merge of shuffle {} was not sent", job.shuffleId());
      } else {
        throw new IllegalStateException("Unknown outcome: " + outcome.getClass());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot use the response of a merge of shuffle {}", job.shuffleId(), e);
    }
  }

  private void returned(MergeJob job, Returned returned) throws IOException {
    Optional<InvocationReport> report = returned.report();
    MergeResponse response = Messages.decode(returned.body(), MergeResponse.class);
    RequestCounts requests = WorkerRequests.of(response.requests());
    run.account().requested(requests);
    if (response.report() == null) {
      run.account().mergeFailed(report, requests);
      LOG.info(
          "A merge of shuffle {} failed (request {}): {}",
          job.shuffleId(),
          returned.requestId(),
          response.problem());
      return;
    }
    run.account().merged(report, requests);
    Optional<ObjectLocation> orphan = offsets.addMerged(MergeReport.decode(response.report()));
    if (orphan.isPresent()) {
      run.store().delete(List.of(orphan.get()));
    }
  }

  /**
   * Raises the flags of all merges in flight, later; for the end of the application. One PUT each.
   *
   * @return keys of the flags
   */
  Set<String> killAll() {
    Set<String> flags = ConcurrentHashMap.newKeySet();
    for (String dispatch : inFlight) {
      flags.add(run.layout().kill(dispatch).key());
      later(() -> raiseFlag(dispatch));
    }
    return flags;
  }

  private void raiseFlag(String dispatch) {
    try {
      run.store().put(run.layout().kill(dispatch), ObjectContent.of(new byte[0]));
      deletes.add(List.of(run.layout().kill(dispatch)));
    } catch (IOException e) {
      LOG.info("Cannot raise the kill flag of a merge; it runs to its end", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.account.InvocationReport;
import io.letsdata.executor.account.RunAccount;
import io.letsdata.executor.invoke.InvocationOutcome;
import io.letsdata.executor.invoke.InvocationOutcome.AnswerLost;
import io.letsdata.executor.invoke.InvocationOutcome.Answered;
import io.letsdata.executor.invoke.InvocationOutcome.FunctionFailed;
import io.letsdata.executor.invoke.InvocationOutcome.Refused;
import io.letsdata.executor.invoke.LambdaInvoker;
import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.WorkerRequests;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends merges of shuffle outputs to workers and collects what they report. Best effort: a merge
 * that is refused, crashes, comes late or never costs its query nothing but itself. Thread-safe.
 */
public final class Merges {
  private static final Logger LOG = LoggerFactory.getLogger(Merges.class);

  private final FunctionInfo function;
  private final int atOnce;
  private final LambdaInvoker invoker;
  private final ObjectStore store;
  private final RunLayout layout;
  private final OutputRegistry offsets;
  private final RunAccount account;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;
  private final Runnable roomAgain;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

  /**
   * @param atOnce merges of one exchange in the invoker's hands at most
   * @param roomAgain told when one has ended; must not block
   */
  public Merges(
      FunctionInfo function,
      int atOnce,
      LambdaInvoker invoker,
      ObjectStore store,
      RunLayout layout,
      OutputRegistry offsets,
      RunAccount account,
      Executor executor,
      ScheduledExecutorService timer,
      LongSupplier nanoClock,
      Runnable roomAgain) {
    this.function = function;
    this.atOnce = atOnce;
    this.invoker = invoker;
    this.store = store;
    this.layout = layout;
    this.offsets = offsets;
    this.account = account;
    this.executor = executor;
    this.timer = timer;
    this.nanoClock = nanoClock;
    this.roomAgain = roomAgain;
  }

  /**
   * Turns a merge into the bytes of an invocation; may store them. {@code left} is how long anybody
   * waits for it.
   */
  interface Payload {
    byte[] of(MergeJob job, String dispatch, Duration left) throws IOException;
  }

  /**
   * Sends the merges, each once, until one takes its function down: the others are as large.
   *
   * @param jobs of one shuffle; at least one
   * @param atMost how long anybody waits; the flags of what runs are then raised, one PUT each
   * @param unwanted fails when nobody waits any more; the same then
   * @return completes when all have ended or nobody waits; never exceptionally
   */
  @SuppressWarnings("FutureReturnValueIgnored") // each ends the batch
  CompletableFuture<Void> run(
      List<MergeJob> jobs, Payload payload, Duration atMost, CompletableFuture<?> unwanted) {
    MergeBatch batch = new MergeBatch(jobs, atMost, nanoClock);
    unwanted.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            giveUp(batch);
          }
        });
    try {
      timer.schedule(() -> giveUp(batch), atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      batch.giveUp(); // the application is stopping
    }
    for (int i = 0; i < Math.min(atOnce, jobs.size()); i++) {
      later(() -> next(batch, payload));
    }
    int shuffleId = jobs.get(0).shuffleId();
    return batch.over().thenRun(() -> offsets.mergesEnded(shuffleId));
  }

  private void giveUp(MergeBatch batch) {
    batch.giveUp();
    invoker.withdrawUnwanted();
    batch.dispatches().forEach(dispatch -> later(() -> raiseFlag(dispatch)));
  }

  private void later(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("The application is stopping", e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // ends in settle()
  private void next(MergeBatch batch, Payload payload) {
    Optional<MergeJob> job = batch.next();
    if (job.isEmpty()) {
      return;
    }
    String dispatch = UUID.randomUUID().toString();
    Duration left = batch.left();
    byte[] bytes;
    try {
      bytes = payload.of(job.get(), dispatch, left);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot build the payload of a merge of shuffle {}", job.get().shuffleId(), e);
      giveUp(batch);
      batch.ended();
      return;
    }
    batch.dispatches().add(dispatch);
    inFlight.add(dispatch);
    Duration limit = function.timeout().compareTo(left) < 0 ? function.timeout() : left;
    invoker
        .invoke(bytes, limit, new Wanted(batch))
        .whenComplete(
            (outcome, impossible) ->
                later(
                    () -> {
                      batch.dispatches().remove(dispatch);
                      inFlight.remove(dispatch);
                      settle(batch, job.get(), outcome);
                      batch.ended();
                      next(batch, payload);
                      roomAgain.run();
                    }));
  }

  private record Wanted(MergeBatch batch) implements LambdaInvoker.Caller {
    @Override
    public boolean wanted() {
      return batch.isWanted();
    }

    @Override
    public void sending() {}
  }

  private void settle(MergeBatch batch, MergeJob job, InvocationOutcome outcome) {
    try {
      if (outcome instanceof Answered answered) {
        answered(job, answered);
      } else if (outcome instanceof FunctionFailed failed) {
        account.mergeFailed(failed.report(), RequestCounts.ZERO);
        LOG.info(
            "A merge of shuffle {} failed (request {}): {}. No more are sent; what is not merged is"
                + " read directly.",
            job.shuffleId(),
            failed.requestId(),
            failed.message());
        batch.sendNoMore();
        invoker.withdrawUnwanted();
      } else if (outcome instanceof AnswerLost lost) {
        account.mergeFailed(Optional.empty(), RequestCounts.ZERO);
        LOG.info("The answer of a merge of shuffle {} was lost: {}", job.shuffleId(), lost);
      } else if (outcome instanceof Refused refused) {
        LOG.warn("Merges of shuffle {} are given up: {}", job.shuffleId(), refused.message());
        giveUp(batch);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot use the answer of a merge of shuffle {}", job.shuffleId(), e);
    }
  }

  private void answered(MergeJob job, Answered answered) throws IOException {
    Optional<InvocationReport> report = answered.report();
    MergeResponse response = Messages.decode(answered.body(), MergeResponse.class);
    RequestCounts requests = WorkerRequests.of(response.requests());
    account.requested(requests);
    if (response.report() == null) {
      account.mergeFailed(report, requests);
      LOG.info(
          "A merge of shuffle {} did not work out (request {}): {}",
          job.shuffleId(),
          answered.requestId(),
          response.problem());
      return;
    }
    account.merged(report, requests);
    Optional<ObjectLocation> orphan = offsets.addMerged(MergeReport.decode(response.report()));
    if (orphan.isPresent()) {
      store.delete(List.of(orphan.get()));
    }
  }

  /**
   * Raises the flags of everything in flight, later; used when the application stops. One PUT each.
   *
   * @return keys of the flags
   */
  public Set<String> killAll() {
    Set<String> flags = ConcurrentHashMap.newKeySet();
    for (String dispatch : inFlight) {
      flags.add(layout.kill(dispatch).key());
      later(() -> raiseFlag(dispatch));
    }
    return flags;
  }

  private void raiseFlag(String dispatch) {
    try {
      store.put(layout.kill(dispatch), ObjectContent.of(new byte[0]));
    } catch (IOException e) {
      LOG.info("Cannot raise the kill flag of a merge; it ends by itself", e);
    }
  }
}

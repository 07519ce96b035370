// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.executor.spark.publish.LaterDeletes;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what settled dispatches leave in the store, so that an application of days keeps no
 * object of a task of an hour ago: responses, results, payloads, claims, kill flags and commit
 * rights. Its requests are those of {@link LaterDeletes}. Thread-safe.
 *
 * <p>The result of an invocation that was lost has a name that the driver does not know, so it is
 * listed: one LIST for each dispatch that may have had such an invocation.
 */
final class SettledObjects {
  private static final Logger LOG = LoggerFactory.getLogger(SettledObjects.class);

  private final LaterDeletes deletes;
  private final ObjectStore store;
  private final RunLayout layout;
  private final CommitRights rights;
  private final TimeLimit limit;
  private final Duration storeResponseAfter;
  private final LongSupplier nanoClock;

  /** The commit rights that dispatches may have taken or may still take. */
  private final Map<Partition, Use> uses = new ConcurrentHashMap<>();

  /**
   * @param rights forgets the partitions whose rights are deleted
   * @param limit of the function
   * @param storeResponseAfter invocations that took less time store no response
   */
  SettledObjects(
      LaterDeletes deletes,
      ObjectStore store,
      RunLayout layout,
      CommitRights rights,
      TimeLimit limit,
      Duration storeResponseAfter,
      LongSupplier nanoClock) {
    this.deletes = deletes;
    this.store = store;
    this.layout = layout;
    this.rights = rights;
    this.limit = limit;
    this.storeResponseAfter = storeResponseAfter;
    this.nanoClock = nanoClock;
  }

  private record Partition(int stageId, int partition) {
    static Partition of(TaskDispatch dispatch) {
      return new Partition(dispatch.inputs().stageId(), dispatch.description().partitionId());
    }
  }

  /**
   * The rights of one partition.
   *
   * @param dispatches that are not settled
   * @param taken whether one of its rights is in the store
   * @param unusedSince when the last dispatch was settled
   */
  private record Use(int dispatches, boolean taken, long unusedSince) {}

  /** A dispatch begins: rights of its partition stay. */
  void started(TaskDispatch dispatch) {
    if (dispatch.inputs().mayCommit()) {
      uses.compute(
          Partition.of(dispatch),
          (partition, use) ->
              use == null ? new Use(1, false, 0) : new Use(use.dispatches() + 1, use.taken(), 0));
    }
  }

  /** A right of the dispatch's partition is in the store, taken or revoked. */
  void rightTaken(TaskDispatch dispatch) {
    uses.computeIfPresent(
        Partition.of(dispatch),
        (partition, use) -> new Use(use.dispatches(), true, use.unusedSince()));
  }

  /** An object that was written or read for a dispatch. */
  void add(ObjectLocation object) {
    deletes.add(List.of(object));
  }

  /** The dispatch is settled; called once. */
  void settled(TaskDispatch dispatch) {
    List<ObjectLocation> objects = new ArrayList<>(0);
    if (dispatch.invocations().sinceSent().compareTo(storeResponseAfter) >= 0) {
      objects.add(layout.response(dispatch.id()));
    }
    if (dispatch.hasStoredPayload()) {
      objects.add(layout.payload(dispatch.id()));
    }
    if (dispatch.inputs().runOnce()) {
      objects.add(layout.claim(dispatch.id()));
    }
    if (!objects.isEmpty()) {
      deletes.add(objects);
    }
    if (dispatch.hasRunUnseen()) {
      deletes.add(() -> results(dispatch.id()));
    }
    if (dispatch.inputs().mayCommit()) {
      uses.computeIfPresent(Partition.of(dispatch), this::withoutOne);
    }
  }

  private List<ObjectLocation> results(String dispatch) {
    List<ObjectLocation> results = new ArrayList<>(0);
    try {
      store
          .listAll(layout.root().bucket(), layout.resultsPrefix(dispatch))
          .forEachRemaining(result -> results.add(result.location()));
    } catch (UncheckedIOException e) {
      LOG.debug("Cannot list results of {}; the end of the application deletes them", dispatch, e);
    }
    return results;
  }

  private @Nullable Use withoutOne(Partition partition, Use use) {
    if (use.dispatches() == 1 && !use.taken()) {
      return null;
    }
    deletes.add(() -> unusedRights(partition));
    return new Use(use.dispatches() - 1, use.taken(), nanoClock.getAsLong());
  }

  /** The rights of the partition, unless a dispatch uses them or used them a short time ago. */
  private List<ObjectLocation> unusedRights(Partition partition) {
    List<ObjectLocation> objects = new ArrayList<>();
    uses.computeIfPresent(
        partition,
        (key, use) -> {
          Duration unused = Duration.ofNanos(nanoClock.getAsLong() - use.unusedSince());
          if (use.dispatches() > 0 || unused.compareTo(limit.aliveAtMost()) < 0) {
            return use; // its last dispatch adds them again
          }
          int last = rights.forget(key.stageId(), key.partition());
          for (int generation = 0; generation <= last; generation++) {
            objects.add(layout.commit(key.stageId(), key.partition(), generation));
          }
          return null;
        });
    return objects;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.protocol.Holder;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The driver's side of the fenced commit right, for committers that ask Spark's coordinator, such
 * as Hadoop's. A worker takes the right at the moment of commit by creating {@link
 * RunLayout#commit}; the driver creates the same object before another dispatch may take a new
 * right. Only one of them can create it, so a zombie cannot commit, however late it continues.
 * Thread-safe.
 */
final class CommitRights {
  private static final String REVOKED = "revoked";

  private record Partition(int stageId, int partition) {}

  private final ObjectStore store;
  private final RunLayout layout;
  private final Map<Partition, Integer> generations = new ConcurrentHashMap<>();

  /** Rights of one application. */
  CommitRights(ObjectStore store, RunLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** The generation that a new attempt of the partition may take. */
  int generation(int stageId, int partition) {
    return generations.getOrDefault(new Partition(stageId, partition), 0);
  }

  /**
   * Makes sure that the dispatch can never commit, and that a later attempt can, unless an
   * invocation of it holds the right and may be alive: that one may be committing. Does not touch a
   * right that another dispatch holds. One conditional PUT, and a GET when that failed.
   *
   * @param hasEnded whether an invocation that holds the right has certainly ended
   * @return false when an invocation of the dispatch that may be alive holds the right
   * @throws IOException when the store does not respond; the right is then as it was
   */
  boolean revoke(
      int stageId, int partition, int generation, String dispatch, Predicate<Holder> hasEnded)
      throws IOException {
    ObjectLocation right = layout.commit(stageId, partition, generation);
    boolean won;
    try {
      won = store.putIfAbsent(right, ObjectContent.ofUtf8(REVOKED));
    } catch (OutcomeUnknown e) {
      won = false;
    }
    String text = won ? REVOKED : store.readUtf8(right);
    if (text.equals(REVOKED)) {
      released(stageId, partition, generation);
      return true;
    }
    Holder holder = Holder.parse(text);
    if (!holder.dispatch().equals(dispatch)) {
      return true;
    }
    if (!hasEnded.test(holder)) {
      return false;
    }
    released(stageId, partition, generation);
    return true;
  }

  /**
   * Forgets a partition whose rights are deleted. No request.
   *
   * @return the last generation that a dispatch may have used
   */
  int forget(int stageId, int partition) {
    Integer last = generations.remove(new Partition(stageId, partition));
    return last == null ? 0 : last;
  }

  /** No invocation that could still commit holds this generation. No request. */
  void released(int stageId, int partition, int generation) {
    generations.merge(new Partition(stageId, partition), generation + 1, Math::max);
  }
}

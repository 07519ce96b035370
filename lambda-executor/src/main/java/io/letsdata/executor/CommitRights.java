package io.letsdata.executor;

import io.letsdata.executor.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The driver's side of the fenced commit right (for committers that ask Spark's coordinator, such
 * as Hadoop's). A worker takes the right at the moment of commit by creating {@link
 * RunLayout#commit}; the driver creates the same object before anybody else may take a new one.
 * Whoever loses obeys, so a zombie cannot commit however late it wakes. Thread-safe.
 */
public final class CommitRights {
  private static final String REVOKED = "revoked";

  private record Partition(int stageId, int partition) {}

  private final ObjectStore store;
  private final RunLayout layout;
  private final Map<Partition, Integer> generations = new ConcurrentHashMap<>();

  /** Rights of one application. */
  public CommitRights(ObjectStore store, RunLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** The generation that a new attempt of the partition may take. */
  public int generation(int stageId, int partition) {
    return generations.getOrDefault(new Partition(stageId, partition), 0);
  }

  /**
   * Makes sure that the dispatch, which has ended or will be ignored, can never commit, and that a
   * later attempt can. Leaves the right alone when another dispatch holds it. One conditional PUT,
   * and a GET when it was lost.
   *
   * @throws IOException when the store does not answer; the right is then as it was
   */
  public void revoke(int stageId, int partition, int generation, String dispatch)
      throws IOException {
    ObjectLocation right = layout.commit(stageId, partition, generation);
    boolean won;
    try {
      won = store.putIfAbsent(right, ObjectContent.ofUtf8(REVOKED));
    } catch (OutcomeUnknown e) {
      won = store.readUtf8(right).equals(REVOKED);
    }
    if (won || dispatchOf(store.readUtf8(right)).equals(dispatch)) {
      released(stageId, partition, generation);
    }
  }

  /**
   * As {@link #revoke} for a dispatch that may still run: leaves the right alone when that very
   * dispatch holds it, for then it may be committing.
   *
   * @return false when it holds the right
   */
  public boolean revokeUnlessHeld(int stageId, int partition, int generation, String dispatch)
      throws IOException {
    ObjectLocation right = layout.commit(stageId, partition, generation);
    boolean won;
    try {
      won = store.putIfAbsent(right, ObjectContent.ofUtf8(REVOKED));
    } catch (OutcomeUnknown e) {
      won = false;
    }
    String holder = won ? REVOKED : store.readUtf8(right);
    if (holder.equals(REVOKED)) {
      released(stageId, partition, generation);
    }
    return !dispatchOf(holder).equals(dispatch);
  }

  /** The holder of this generation has ended without success and said so itself. No request. */
  public void released(int stageId, int partition, int generation) {
    generations.merge(new Partition(stageId, partition), generation + 1, Math::max);
  }

  /** What a worker writes into the right it takes. */
  public static String holder(String dispatch, String invocation) {
    return dispatch + "/" + invocation;
  }

  /** The dispatch in a holder's text. */
  public static String dispatchOf(String holder) {
    int slash = holder.indexOf('/');
    return slash < 0 ? holder : holder.substring(0, slash);
  }
}

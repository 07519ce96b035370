// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.options.Internal;
import io.letsdata.protocol.Holder;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.util.Optional;

/**
 * The worker's side of a fenced right of one invocation (to commit, or to run at all): taken by
 * creating an object that must not exist yet. Confined to the task's thread until the task has
 * ended.
 */
@Internal
public final class CommitGate {
  private final ObjectStore store;
  private final ObjectLocation right;
  private final String self;
  private boolean held;
  private Optional<Holder> holder = Optional.empty();

  /** A right that is not taken yet; no request. */
  public CommitGate(
      ObjectStore store, ObjectLocation right, String dispatch, Invocation invocation) {
    this.store = store;
    this.right = right;
    this.self = new Holder(dispatch, invocation.nonce(), invocation.request()).text();
  }

  /**
   * Whether this invocation has the right. One conditional PUT, and a GET when it is not clearly
   * won.
   */
  public synchronized boolean take() throws IOException {
    if (held) {
      return true;
    }
    boolean won;
    try {
      won = store.putIfAbsent(right, ObjectContent.ofUtf8(self));
    } catch (OutcomeUnknown e) {
      won = store.readUtf8(right).equals(self);
    }
    if (won) {
      held = true;
    } else {
      holder = Optional.of(Holder.parse(store.readUtf8(right)));
    }
    return won;
  }

  synchronized boolean held() {
    return held;
  }

  /** The holder of the right that this invocation was denied; empty when it was not. */
  public synchronized Optional<Holder> holder() {
    return holder;
  }
}

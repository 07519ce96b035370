// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.store.ObjectStore;
import java.util.concurrent.Executor;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.apache.spark.storage.BlockManagerMessages;
import org.apache.spark.storage.RDDBlockId;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The endpoint of the block manager that represents the store. It turns Spark's own clean-up
 * messages into deletes. Objects that are still referenced are never deleted: an unpersisted
 * broadcast stays until it is destroyed.
 */
final class StoreEndpoint implements ThreadSafeRpcEndpoint {
  static final String NAME = "LetsDataStoreBlockManager";

  /** The reply to this message shows that every earlier message has been handled. */
  static final String FLUSH = "flush";

  private final RpcEnv rpcEnv;
  private final CachedBlocks cached;
  private final BroadcastPublisher broadcasts;
  private final ObjectStore store;
  private final Executor executor;

  StoreEndpoint(
      RpcEnv rpcEnv,
      CachedBlocks cached,
      BroadcastPublisher broadcasts,
      ObjectStore store,
      Executor executor) {
    this.rpcEnv = rpcEnv;
    this.cached = cached;
    this.broadcasts = broadcasts;
    this.store = store;
    this.executor = executor;
  }

  @Override
  public RpcEnv rpcEnv() {
    return rpcEnv;
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return true;
      }

      @Override
      public BoxedUnit apply(Object message) {
        handle(message, context);
        return BoxedUnit.UNIT;
      }
    };
  }

  private void handle(Object message, RpcCallContext context) {
    if (message instanceof BlockManagerMessages.RemoveRdd remove) {
      var removed = cached.remove(remove.rddId());
      executor.execute(() -> LaterDeletes.now(store, removed));
      context.reply(removed.size());
    } else if (message instanceof BlockManagerMessages.RemoveBroadcast remove) {
      if (remove.removeFromDriver()) {
        broadcasts.destroyed(remove.broadcastId());
      }
      context.reply(0);
    } else if (message instanceof BlockManagerMessages.RemoveBlock remove) {
      if (remove.blockId() instanceof RDDBlockId id) {
        var removed = cached.remove(id).stream().toList();
        executor.execute(() -> LaterDeletes.now(store, removed));
      }
      context.reply(true);
    } else if (message instanceof BlockManagerMessages.RemoveShuffle || FLUSH.equals(message)) {
      context.reply(true);
    } else {
      context.sendFailure(
          new UnsupportedOperationException(
              "Cannot send " + message + " to the store: it is not an executor."));
    }
  }
}

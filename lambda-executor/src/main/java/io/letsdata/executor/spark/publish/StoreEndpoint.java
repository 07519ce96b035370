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
 * A block manager that stands for the store. Spark's own clean-up messages reach it and become
 * deletes; what is still referenced is never deleted: an unpersisted broadcast stays until it is
 * destroyed.
 */
public final class StoreEndpoint implements ThreadSafeRpcEndpoint {
  public static final String NAME = "LetsDataStoreBlockManager";

  /** Asked to be sure that every earlier message has been handled. */
  static final String FLUSH = "flush";

  private final RpcEnv rpcEnv;
  private final CachedBlocks cached;
  private final BroadcastPublisher broadcasts;
  private final ObjectStore store;
  private final Executor executor;

  public StoreEndpoint(
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
      var gone = cached.remove(remove.rddId());
      executor.execute(() -> StoreDeletes.quietly(store, gone));
      context.reply(gone.size());
    } else if (message instanceof BlockManagerMessages.RemoveBroadcast remove) {
      if (remove.removeFromDriver()) {
        broadcasts.destroyed(remove.broadcastId());
      }
      context.reply(0);
    } else if (message instanceof BlockManagerMessages.RemoveBlock remove) {
      if (remove.blockId() instanceof RDDBlockId id) {
        var gone = cached.remove(id).stream().toList();
        executor.execute(() -> StoreDeletes.quietly(store, gone));
      }
      context.reply(true);
    } else if (message instanceof BlockManagerMessages.RemoveShuffle || FLUSH.equals(message)) {
      context.reply(true);
    } else {
      context.sendFailure(
          new UnsupportedOperationException(
              "Cannot ask the store for " + message + ": it is no executor."));
    }
  }
}

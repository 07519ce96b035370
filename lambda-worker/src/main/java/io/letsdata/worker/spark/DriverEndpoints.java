// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.StoreExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.GetMapOutputStatuses;
import org.apache.spark.HeartbeatResponse;
import org.apache.spark.MapOutputTracker$;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockManagerMaster$;
import org.apache.spark.storage.BlockManagerMessages;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import scala.Option;
import scala.Product;
import scala.Some;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Nil$;

/** The driver's endpoints as an executor sees them. Payload and store give the replies. */
final class DriverEndpoints {
  private static final BlockManagerId STORE =
      BlockManagerId.apply(
          StoreExecutor.ID, StoreExecutor.HOST, StoreExecutor.PORT, Option.empty());

  private final Supplier<CurrentTask> current;

  DriverEndpoints(Supplier<CurrentTask> current) {
    this.current = current;
  }

  /** Names are Spark's, 3.5.9; an unknown message fails with its name. */
  void register(DriverlessRpcEnv rpcEnv) {
    rpcEnv.handle(BlockManagerMaster$.MODULE$.DRIVER_ENDPOINT_NAME(), this::blockManagerMaster);
    rpcEnv.handle(BlockManagerMaster$.MODULE$.DRIVER_HEARTBEAT_ENDPOINT_NAME(), message -> true);
    rpcEnv.handle(MapOutputTracker$.MODULE$.ENDPOINT_NAME(), this::mapOutputTracker);
    rpcEnv.handle("OutputCommitCoordinator", this::commitCoordinator);
    rpcEnv.handle("StateStoreCoordinator", DriverEndpoints::stateStoreCoordinator);
    rpcEnv.handle("HeartbeatReceiver", message -> new HeartbeatResponse(false));
  }

  private Object blockManagerMaster(Object message) {
    if (message instanceof BlockManagerMessages.RegisterBlockManager register) {
      return register.blockManagerId();
    }
    if (message instanceof BlockManagerMessages.UpdateBlockInfo update) {
      if (update.blockId() instanceof RDDBlockId rdd && update.storageLevel().isValid()) {
        current.get().newlyCached().add(rdd);
      }
      return true;
    }
    if (message instanceof BlockManagerMessages.GetLocationsAndStatus wanted) {
      return locations(wanted.blockId());
    }
    if (message instanceof BlockManagerMessages.GetLocations
        || message instanceof BlockManagerMessages.GetPeers) {
      return Nil$.MODULE$;
    }
    if (message instanceof BlockManagerMessages.BlockManagerHeartbeat) {
      return true;
    }
    throw unknown("block manager master", message);
  }

  /** Every broadcast is in the store, and each cached block that the payload lists. */
  private Object locations(BlockId block) {
    boolean stored = block.isBroadcast() || current.get().cachedBlock(block.name()).isPresent();
    if (!stored) {
      return Option.empty();
    }
    Seq<BlockManagerId> where =
        JavaConverters.asScalaBuffer(new java.util.ArrayList<>(List.of(STORE))).toSeq();
    BlockStatus status = new BlockStatus(StorageLevel.MEMORY_AND_DISK_SER(), 0, 0);
    return new Some<>(
        new BlockManagerMessages.BlockLocationsAndStatus(where, status, Option.empty()));
  }

  private Object mapOutputTracker(Object message) {
    if (message instanceof GetMapOutputStatuses wanted) {
      CurrentTask task = current.get();
      try {
        return task.bytes(task.shuffle(wanted.shuffleId()).statuses());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw unknown("map output tracker", message);
  }

  private Object commitCoordinator(Object message) {
    if (message instanceof Product product
        && product.productPrefix().equals("AskPermissionToCommitOutput")) {
      try {
        return current.get().gate().take();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw unknown("commit coordinator", message);
  }

  /** State lives in the checkpoint only: no worker is the active owner of a store. */
  private static Object stateStoreCoordinator(Object message) {
    if (message instanceof Product product) {
      if (product.productPrefix().equals("ReportActiveInstance")) {
        return product.productElement(3); // the other providers here, to unload
      }
      if (product.productPrefix().equals("VerifyIfInstanceActive")) {
        return false;
      }
    }
    throw unknown("state store coordinator", message);
  }

  private static UnsupportedOperationException unknown(String endpoint, Object message) {
    return new UnsupportedOperationException(
        "Cannot ask the driver's "
            + endpoint
            + " for "
            + message
            + ": a Lambda worker has no connection to the driver.");
  }
}

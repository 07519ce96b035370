// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.TorrentBroadcast$;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.io.CompressionCodec$;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Some;
import scala.reflect.ClassTag$;

/**
 * Makes new pieces of a broadcast whose first pieces held a secret. Workers read the new ones
 * instead, so the broadcast's checksums must be off ({@code LambdaClusterManager} sets that;
 * objects in the store have their own checksums).
 */
final class BroadcastBytes {
  private BroadcastBytes() {}

  /**
   * The only piece of {@code value}.
   *
   * @throws IllegalStateException when it would need several: the number of pieces of a broadcast
   *     is fixed
   */
  static ByteBuffer piece(SparkEnv env, Object value) {
    int blockBytes =
        Math.toIntExact(env.conf().getSizeAsKb("spark.broadcast.blockSize", "4m") * 1024);
    Option<CompressionCodec> codec =
        env.conf().getBoolean("spark.broadcast.compress", true)
            ? new Some<>(CompressionCodec$.MODULE$.createCodec(env.conf()))
            : Option.empty();
    ByteBuffer[] pieces =
        TorrentBroadcast$.MODULE$.blockifyObject(
            value, blockBytes, env.serializer(), codec, ClassTag$.MODULE$.Any());
    if (pieces.length != 1) {
      throw new IllegalStateException(
          "A configuration without its secrets needs " + pieces.length + " pieces, not one");
    }
    return pieces[0];
  }

  /** The Hadoop configuration that the broadcast holds, if it holds one. */
  static Option<SerializableConfiguration> configuration(
      BlockManager blockManager, long broadcastId) {
    return value(blockManager, broadcastId) instanceof SerializableConfiguration conf
        ? new Some<>(conf)
        : Option.empty();
  }

  /**
   * The value that the driver holds; null for Spark's internal broadcasts, whose values are not in
   * the block manager: they are relations and task binaries and refer to no user's broadcast.
   */
  static @Nullable Object value(BlockManager blockManager, long broadcastId) {
    Option<BlockResult> local = blockManager.getLocalValues(new BroadcastBlockId(broadcastId, ""));
    if (local.isEmpty()) {
      return null;
    }
    var values = local.get().data();
    Object value = values.hasNext() ? values.next() : null;
    while (values.hasNext()) {
      var unused = values.next(); // the last one releases the block's lock
    }
    return value;
  }
}

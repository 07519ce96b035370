// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.internals;

import io.letsdata.options.Internal;
import io.letsdata.protocol.StoreExecutor;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.Utils;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/** Conversions between the types of Scala and Java. Stateless. */
@Internal
public final class SparkInternals {
  /** The store as Spark's block manager master knows it: it holds cached blocks and broadcasts. */
  public static final BlockManagerId STORE =
      BlockManagerId.apply(
          StoreExecutor.ID, StoreExecutor.HOST, StoreExecutor.PORT, Option.empty());

  private SparkInternals() {}

  /** A view of the sequence. */
  public static <T> List<T> list(Seq<T> seq) {
    return JavaConverters.seqAsJavaList(seq);
  }

  static <T> Seq<T> seq(Collection<T> items) {
    return JavaConverters.collectionAsScalaIterable(items).toSeq();
  }

  /** Serializes an object as an executor serializes a task end reason. */
  public static ByteBuffer serialize(SparkEnv env, Object reason) {
    return env.closureSerializer().newInstance().serialize(reason, ClassTag$.MODULE$.Any());
  }

  /** The object of bytes that Java serialized, with the classes of the caller's thread. */
  public static Object deserialize(SparkEnv env, byte[] bytes) {
    return env.closureSerializer()
        .newInstance()
        .deserialize(
            ByteBuffer.wrap(bytes), Utils.getContextOrSparkClassLoader(), ClassTag$.MODULE$.Any());
  }

  /** A copy of a block's bytes as buffers of at most 2 GB each. */
  public static ByteBuffer[] buffers(BlockData data) {
    ChunkedByteBuffer chunks =
        data.toChunkedByteBuffer(size -> ByteBuffer.allocate((Integer) size));
    return chunks.getChunks();
  }
}

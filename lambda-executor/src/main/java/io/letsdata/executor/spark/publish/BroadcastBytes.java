// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.TorrentBroadcast$;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.io.CompressionCodec$;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BroadcastBlockId;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Some;
import scala.reflect.ClassTag$;

/**
 * Makes new pieces of a broadcast whose first pieces hold a secret. Workers read the new ones
 * instead, so the broadcast's checksums must be off ({@code LambdaClusterManager} sets that;
 * objects in the store have their own checksums).
 */
final class BroadcastBytes {
  private BroadcastBytes() {}

  /**
   * The pieces of {@code value}: exactly {@code count}, since the number of pieces is fixed when
   * Spark makes the broadcast. Spark joins the pieces before it reads them, so it does not matter
   * where they are cut.
   *
   * @throws ArithmeticException when they have over 2 GiB together
   */
  static List<ByteBuffer> pieces(SparkEnv env, Object value, int count) {
    int blockBytes =
        Math.toIntExact(env.conf().getSizeAsKb("spark.broadcast.blockSize", "4m") * 1024);
    ByteBuffer[] blocks =
        TorrentBroadcast$.MODULE$.blockifyObject(
            value, blockBytes, env.serializer(), codec(env), ClassTag$.MODULE$.Any());
    ByteBuffer all = ByteBuffer.wrap(joined(blocks));
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = Math.toIntExact((long) all.capacity() * i / count);
      int to = Math.toIntExact((long) all.capacity() * (i + 1) / count);
      pieces.add(all.slice(from, to - from));
    }
    return pieces;
  }

  /** The value of a broadcast, from its pieces in their order; the reverse of {@link #pieces}. */
  static Object join(SparkEnv env, Collection<byte[]> pieces) {
    InputStream[] streams =
        pieces.stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
    return TorrentBroadcast$.MODULE$.unBlockifyObject(
        streams, env.serializer(), codec(env), ClassTag$.MODULE$.Any());
  }

  /** The bytes that the serializer wrote, from pieces in their order; one at a time is taken. */
  @SuppressWarnings("JdkObsolete") // SequenceInputStream takes no Iterator
  static InputStream stream(SparkEnv env, Stream<byte[]> pieces) {
    Iterator<byte[]> next = pieces.iterator();
    InputStream all =
        new SequenceInputStream(
            new Enumeration<>() {
              @Override
              public boolean hasMoreElements() {
                return next.hasNext();
              }

              @Override
              public InputStream nextElement() {
                return new ByteArrayInputStream(next.next());
              }
            });
    Option<CompressionCodec> codec = codec(env);
    return codec.isDefined() ? codec.get().compressedInputStream(all) : all;
  }

  /** The bytes of buffers in one array. */
  static byte[] joined(ByteBuffer[] buffers) {
    ByteBuffer all =
        ByteBuffer.allocate(
            Math.toIntExact(Stream.of(buffers).mapToLong(ByteBuffer::remaining).sum()));
    Stream.of(buffers).map(ByteBuffer::duplicate).forEach(all::put);
    return all.array();
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

  private static Option<CompressionCodec> codec(SparkEnv env) {
    return env.conf().getBoolean("spark.broadcast.compress", true)
        ? new Some<>(CompressionCodec$.MODULE$.createCodec(env.conf()))
        : Option.empty();
  }
}

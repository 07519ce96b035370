// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.write;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.seal.SegmentSeal;
import io.letsdata.shuffle.write.PartitionBuffers;
import java.io.OutputStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.serializer.SerializerManager;
import org.apache.spark.storage.ShuffleBlockId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A serializer's stream for each partition that has records: encoded, compressed, encrypted and
 * sealed into its buffer. Used by the task's thread, which finishes or closes it.
 */
final class PartitionStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionStreams.class);
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.Object();

  private final int shuffleId;
  private final MapRef map;
  private final SegmentSeal seal;
  private final SerializerInstance serializer;
  private final SerializerManager wrapper;
  private final PartitionBuffers buffers;
  private final @Nullable SerializationStream[] streams;

  PartitionStreams(
      int shuffleId,
      MapRef map,
      SegmentSeal seal,
      int partitions,
      SerializerInstance serializer,
      SerializerManager wrapper,
      PartitionBuffers buffers) {
    this.shuffleId = shuffleId;
    this.map = map;
    this.seal = seal;
    this.serializer = serializer;
    this.wrapper = wrapper;
    this.buffers = buffers;
    this.streams = new SerializationStream[partitions];
  }

  void write(int partition, Object key, Object value) {
    SerializationStream stream = streams[partition];
    if (stream == null) {
      stream = open(partition);
      streams[partition] = stream;
    }
    stream.writeKey(key, ANY);
    stream.writeValue(value, ANY);
  }

  private SerializationStream open(int partition) {
    ShuffleBlockId block = new ShuffleBlockId(shuffleId, map.mapId(), partition);
    OutputStream sealing = seal.sealing(map, partition, buffers.stream(partition));
    return serializer.serializeStream(wrapper.wrapStream(block, sealing));
  }

  /** Flushes everything into the buffers. */
  void finish() {
    for (int partition = 0; partition < streams.length; partition++) {
      SerializationStream stream = streams[partition];
      if (stream != null) {
        stream.flush();
        stream.close();
        streams[partition] = null;
      }
    }
  }

  /** Frees the codecs' memory outside the heap; unfinished streams are dropped. */
  @Override
  public void close() {
    for (SerializationStream stream : streams) {
      if (stream != null) {
        buffers.discard();
        try {
          stream.close();
        } catch (RuntimeException e) {
          LOG.debug("A stream of a map output that is given up did not close", e);
        }
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunKey;
import org.apache.spark.shuffle.BaseShuffleHandle;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.sort.SerializedShuffleHandle;

/**
 * Spark's own handle, which decides the kind of writer, the account that tasks add to, and the key
 * of the segments' codes. A handle travels with each task: an accumulator in it enters itself in
 * the task that it arrives with (AccumulatorV2.readObject, Spark 3.5.9), and a key in it reaches
 * executors as their tasks do, and is in no setting. On the Lambda master tasks are objects in the
 * store: there the key comes with the invocation, and is not here. Immutable.
 */
@Internal
public final class S3ShuffleHandle extends ShuffleHandle {
  private static final long serialVersionUID = 1;

  private final ShuffleHandle inner;
  private final ShuffleAccumulator accumulator;
  private final String key;

  /**
   * @param key {@link RunKey#NONE} where the runtime has it
   */
  public S3ShuffleHandle(ShuffleHandle inner, ShuffleAccumulator accumulator, RunKey key) {
    super(inner.shuffleId());
    this.inner = inner;
    this.accumulator = accumulator;
    this.key = key.base64();
  }

  /** The application's key, or {@link RunKey#NONE}. */
  public RunKey key() {
    return key.isEmpty() ? RunKey.NONE : new RunKey(key);
  }

  /** The handle that {@code SortShuffleManager} registered. */
  public ShuffleHandle inner() {
    return inner;
  }

  @SuppressWarnings("unchecked") // as SortShuffleManager does
  public <K, C> BaseShuffleHandle<K, ?, C> base() {
    return (BaseShuffleHandle<K, ?, C>) inner;
  }

  /** For the write side, which does not need the combined type. */
  @SuppressWarnings("unchecked") // as SortShuffleManager does
  public <K, V> BaseShuffleHandle<K, V, Object> written() {
    return (BaseShuffleHandle<K, V, Object>) inner;
  }

  /** The same, where records are to be sorted in serialized form. */
  @SuppressWarnings("unchecked") // as SortShuffleManager does
  public <K, V> SerializedShuffleHandle<K, V> serialized() {
    return (SerializedShuffleHandle<K, V>) inner;
  }

  public ShuffleAccumulator accumulator() {
    return accumulator;
  }
}

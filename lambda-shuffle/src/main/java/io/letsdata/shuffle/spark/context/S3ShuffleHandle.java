// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import io.letsdata.options.Internal;
import org.apache.spark.shuffle.BaseShuffleHandle;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.sort.SerializedShuffleHandle;

/**
 * Spark's own handle, which decides the kind of writer, and the account that tasks add to: a handle
 * travels with each task, and an accumulator in it enters itself in the task that it arrives with
 * (AccumulatorV2.readObject, Spark 3.5.9). Immutable.
 */
@Internal
public final class S3ShuffleHandle extends ShuffleHandle {
  private static final long serialVersionUID = 1;

  private final ShuffleHandle inner;
  private final ShuffleAccumulator accumulator;

  public S3ShuffleHandle(ShuffleHandle inner, ShuffleAccumulator accumulator) {
    super(inner.shuffleId());
    this.inner = inner;
    this.accumulator = accumulator;
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

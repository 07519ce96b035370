// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import org.apache.spark.shuffle.BaseShuffleHandle;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.sort.SerializedShuffleHandle;

/**
 * Spark's own handle, which says what writer to take, and the account that tasks add to: a handle
 * travels with each task, and an accumulator in it enters itself in the task that it arrives with
 * (AccumulatorV2.readObject, Spark 3.5.9). Immutable.
 */
public final class S3ShuffleHandle extends ShuffleHandle {
  private static final long serialVersionUID = 1;

  private final ShuffleHandle inner;
  private final ShuffleAccumulator accumulator;

  public S3ShuffleHandle(ShuffleHandle inner, ShuffleAccumulator accumulator) {
    super(inner.shuffleId());
    this.inner = inner;
    this.accumulator = accumulator;
  }

  /** What {@code SortShuffleManager} registered. */
  public ShuffleHandle inner() {
    return inner;
  }

  @SuppressWarnings("unchecked") // as SortShuffleManager does
  public <K, C> BaseShuffleHandle<K, ?, C> base() {
    return (BaseShuffleHandle<K, ?, C>) inner;
  }

  /** For the side that writes: the combined type is the reader's business. */
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

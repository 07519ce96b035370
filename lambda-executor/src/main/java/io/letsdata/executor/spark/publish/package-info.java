// SPDX-License-Identifier: Apache-2.0
/**
 * Stores the inputs of a stage's tasks before they start, because workers cannot ask the driver.
 *
 * <p>In reading order: {@code RunContext} is what the parts share; {@code Publishing} puts them
 * together. {@code StagePublisher} takes a snapshot of a stage and gives {@code StageInputs}, with
 * {@code TimeoutCounts} and {@code ResultBytes}. It uses {@code BroadcastPublisher} (with {@code
 * BroadcastReferences}, {@code BroadcastBytes}, {@code SingleFlight}, {@code DeepStack}, {@code
 * RepeatedPuts}), {@code CachedBlocks} (which the driver reads by {@code StoredBlockReads}), {@code
 * ShufflePublisher} (with {@code LocalShuffleReads}) and {@code ExchangePlanner}, which merges map
 * outputs first by {@code MergeDispatcher} and {@code MergeBatch}. {@code PayloadBuilder} makes the
 * payload of each task, with {@code FilePublisher}. {@code VanishedInputs} publishes again what was
 * deleted meanwhile. {@code StoreEndpoint} turns Spark's clean-up messages into deletes; {@code
 * LaterDeletes} deletes in batches; {@code RunRemoval} deletes a run's objects at its end.
 */
@NullMarked
package io.letsdata.executor.spark.publish;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks: JMH for what is pure ({@link ManifestParsing}, {@link ShuffleIndexing}, {@link
 * SegmentSealing}), a program of its own for what needs a running Spark ({@link DispatchBench}).
 * Figures are in RESULTS.md.
 *
 * <p>Classes in reading order: {@link CpuSeconds}, {@link DispatchStack}, {@link EmptyTasks},
 * {@link Spread}, {@link ColdStartBench}, {@link FetchBench}, {@link ShuffleBench}, {@link
 * ShuffleTables}, {@link ShuffleCase}, {@link ShuffleJob}, {@link ShuffleRun}, {@link Cores},
 * {@link StageWatch}, {@link StoreWarmUp}, {@link TpchBench}, {@link HedgeBench}, {@link
 * ShuffleReading}.
 */
@NullMarked
package io.letsdata.benchmarks;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks: JMH for what is pure ({@link ManifestParsing}, {@link ShuffleIndexing}), a program of
 * its own for what needs a running Spark ({@link DispatchBench}). Figures are in RESULTS.md.
 */
@NullMarked
package io.letsdata.benchmarks;

import org.jspecify.annotations.NullMarked;

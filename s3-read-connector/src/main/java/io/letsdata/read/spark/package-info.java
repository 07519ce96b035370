// SPDX-License-Identifier: Apache-2.0
/**
 * Where the read connector leans on Spark 3.5.9's internals: its file scans, its rows, its file
 * index.
 */
@NullMarked
package io.letsdata.read.spark;

import org.jspecify.annotations.NullMarked;

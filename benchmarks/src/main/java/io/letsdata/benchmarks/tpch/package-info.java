// SPDX-License-Identifier: Apache-2.0
/** TPC-H: tables, queries and answers, for tests and benchmarks. */
@NullMarked
package io.letsdata.benchmarks.tpch;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Proxies between a client and a server, for tests and benchmarks. */
@NullMarked
package io.letsdata.benchmarks.wire;

import org.jspecify.annotations.NullMarked;

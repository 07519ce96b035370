/** What stands between a client and an S3 server, for tests and benchmarks. */
@NullMarked
package io.letsdata.benchmarks.wire;

import org.jspecify.annotations.NullMarked;

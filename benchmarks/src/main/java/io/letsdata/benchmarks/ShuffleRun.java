// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.CpuSeconds.Part;
import io.letsdata.store.RequestCounts;
import java.util.List;
import java.util.Map;

/** The cost of one run of a shuffle job: seconds, CPU-seconds by process, bytes, S3 requests. */
record ShuffleRun(
    double seconds,
    List<Double> stageSeconds,
    long writtenBytes,
    Map<Part, Double> cpu,
    RequestCounts requests) {
  double cpu(Part part) {
    return cpu.getOrDefault(part, 0.0);
  }
}

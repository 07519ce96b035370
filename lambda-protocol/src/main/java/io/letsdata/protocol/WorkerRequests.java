// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.RequestCounts;
import java.util.LinkedHashMap;
import java.util.Map;

/** A worker's request counts as a response carries them. Pure. */
@Internal
public final class WorkerRequests {
  private WorkerRequests() {}

  /** The counts in a response; kinds that are absent are zero. */
  public static RequestCounts of(Map<String, Long> counts) {
    return new RequestCounts(
        counts.getOrDefault("put", 0L),
        counts.getOrDefault("get", 0L),
        counts.getOrDefault("head", 0L),
        counts.getOrDefault("list", 0L),
        counts.getOrDefault("delete", 0L),
        counts.getOrDefault("post", 0L),
        counts.getOrDefault("bytesIn", 0L),
        counts.getOrDefault("bytesOut", 0L),
        counts.getOrDefault("retries", 0L));
  }

  /** The counts as a response carries them. */
  public static Map<String, Long> toMap(RequestCounts c) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("put", c.put());
    counts.put("get", c.get());
    counts.put("head", c.head());
    counts.put("list", c.list());
    counts.put("delete", c.delete());
    counts.put("post", c.post());
    counts.put("bytesIn", c.bytesIn());
    counts.put("bytesOut", c.bytesOut());
    counts.put("retries", c.retries());
    return counts;
  }
}

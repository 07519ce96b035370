// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.offsets.MergedExtents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The merge jobs of one shuffle that the driver has handed out, and their results: 8 bytes for each
 * partition of each group, a few hundred kilobytes for 5,120 x 1,280. Thread-safe.
 */
final class KnownMerges {
  /** A cancelled stage may use up one; merges that never succeed delay two stages. */
  private static final int MAX_PLANS = 2;

  /** Jobs by nonce; also those that never report, whose objects must be deleted too. */
  private final Map<String, Issued> issued = new LinkedHashMap<>();

  /** Jobs of a plan that failed. Their reports would overlap those of the next plan. */
  private final List<String> abandoned = new ArrayList<>();

  private int plans;
  private boolean mayPlan = true;

  /** A job and its result. */
  private static final class Issued {
    final MergeJob job;
    long @Nullable [] extentBytes;

    Issued(MergeJob job) {
      this.job = job;
    }
  }

  /** A merged object that readers may use. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Merged(MergeJob job, long[] extentBytes) {
    long[] extentStarts() {
      long[] starts = new long[extentBytes.length];
      for (int i = 1; i < starts.length; i++) {
        starts[i] = starts[i - 1] + extentBytes[i - 1];
      }
      return starts;
    }

    /** The extents of the partitions {@code [start, end)}. */
    MergedExtents extents(int group, int start, int end) {
      int from = Math.min(Math.max(start, job.startPartition()), job.endPartition());
      int to = Math.max(from, Math.min(end, job.endPartition()));
      int first = from - job.startPartition();
      int last = to - job.startPartition();
      return new MergedExtents(
          job.nonce(),
          group,
          job.members(),
          from,
          Arrays.copyOfRange(extentStarts(), first, last),
          Arrays.copyOfRange(extentBytes, first, last));
    }
  }

  /** Returns the jobs the first time, and once more when none of them was carried out. */
  synchronized List<MergeJob> plan(Supplier<List<MergeJob>> jobs) {
    if (!mayPlan || anyReported()) {
      return List.of();
    }
    mayPlan = false;
    plans++;
    abandoned.addAll(issued.keySet());
    issued.clear();
    List<MergeJob> made = jobs.get();
    made.forEach(job -> issued.put(job.nonce(), new Issued(job)));
    return made;
  }

  /** No caller waits for the planned jobs any longer. */
  synchronized void ended() {
    mayPlan = plans < MAX_PLANS;
  }

  private boolean anyReported() {
    return issued.values().stream().anyMatch(each -> each.extentBytes != null);
  }

  /** Takes a result; one that fits no job is ignored. */
  synchronized void add(MergeReport report) {
    Issued own = issued.get(report.nonce());
    if (own != null && own.job.partitions() == report.extentBytes().length) {
      own.extentBytes = report.extentBytes();
    }
  }

  /** The merges that reported an object, by members. */
  synchronized Map<List<MapRef>, List<Merged>> byMembers() {
    Map<List<MapRef>, List<Merged>> groups = new LinkedHashMap<>();
    for (Issued each : issued.values()) {
      long[] extentBytes = each.extentBytes;
      if (extentBytes != null && Arrays.stream(extentBytes).anyMatch(bytes -> bytes > 0)) {
        groups
            .computeIfAbsent(each.job.members(), members -> new ArrayList<>())
            .add(new Merged(each.job, extentBytes));
      }
    }
    return groups;
  }

  /** Nonces of all jobs that may have stored an object. */
  synchronized List<String> nonces() {
    List<String> nonces = new ArrayList<>(abandoned);
    nonces.addAll(issued.keySet());
    return nonces;
  }
}

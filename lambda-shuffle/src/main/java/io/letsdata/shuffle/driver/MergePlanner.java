// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.Nonces;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes merge jobs from the known outputs of a shuffle. Pure but for the nonces; no request.
 *
 * <p>Example: five map outputs have 100, 100, 300, 100 and 200 bytes, each spread evenly over 4
 * partitions. A plan of 2 groups and 2 ranges makes 4 jobs:
 *
 * <table>
 *   <caption>Bytes of each job</caption>
 *   <tr><th>map outputs</th><th>partitions [0,2)</th><th>partitions [2,4)</th></tr>
 *   <tr><td>0, 1, 2</td><td>250</td><td>250</td></tr>
 *   <tr><td>3, 4</td><td>150</td><td>150</td></tr>
 * </table>
 */
record MergePlanner(int shuffleId, KnownOutputs known) {
  ExchangeShape shape(List<MapRef> winners, int tasks) {
    int partitions = known.partitionBytes().length;
    int maps = 0;
    long segments = 0;
    long bytes = 0;
    for (MapRef winner : winners) {
      KnownOutputs.Entry entry = known.find(winner).orElse(null);
      if (entry == null || entry.hasObject()) { // one that was never reported has an object
        maps++;
        segments += entry == null ? partitions : entry.segments();
        bytes += entry == null ? 0 : entry.storedBytes();
      }
    }
    return new ExchangeShape(maps, segments, bytes, partitions, tasks);
  }

  /**
   * Neighbouring map outputs are a group, neighbouring partitions a range. The driver has sums
   * only, so that a cell may turn out too large; its merge then leaves something out.
   */
  List<MergeJob> jobs(List<MapRef> winners, ExchangePlan plan) {
    List<MapRef> maps = new ArrayList<>();
    List<Long> bytes = new ArrayList<>();
    for (MapRef winner : winners) {
      known
          .find(winner)
          .filter(entry -> entry.hasObject() && entry.isInTables())
          .ifPresent(
              entry -> {
                maps.add(winner);
                bytes.add(entry.storedBytes());
              });
    }
    long[] mapBytes = bytes.stream().mapToLong(Long::longValue).toArray();
    long[] partitionBytes = known.partitionBytes();
    List<Integer> ranges = MergeGrid.cut(partitionBytes, plan.ranges(), Double.MAX_VALUE);
    double most = plan.mergeBytes() / largestShare(partitionBytes, ranges);
    List<Integer> groups = MergeGrid.cut(mapBytes, plan.groups(), most);
    List<MergeJob> jobs = new ArrayList<>();
    for (int group = 0; group + 1 < groups.size(); group++) {
      List<MapRef> members = List.copyOf(maps.subList(groups.get(group), groups.get(group + 1)));
      for (int range = 0; range + 1 < ranges.size() && members.size() > 1; range++) {
        jobs.add(
            new MergeJob(
                shuffleId,
                Nonces.next(),
                ranges.get(range),
                ranges.get(range + 1),
                members,
                plan.mergeBytes()));
      }
    }
    return jobs;
  }

  /** The share of all bytes that is in the heaviest range. */
  private static double largestShare(long[] partitionBytes, List<Integer> ranges) {
    double total = 0;
    double most = 0;
    for (int range = 0; range + 1 < ranges.size(); range++) {
      double own = 0;
      for (int partition = ranges.get(range); partition < ranges.get(range + 1); partition++) {
        own += partitionBytes[partition];
      }
      total += own;
      most = Math.max(most, own);
    }
    return total == 0 ? 1 : most / total;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example of {@link MergePlanner}. */
final class MergePlannerTest {
  private static final int PARTITIONS = 4;
  private static final long[] OUTPUT_BYTES = {100, 100, 300, 100, 200};

  @Test
  void workedExampleHasTheJobsOfTheJavadoc() {
    KnownOutputs known = new KnownOutputs();
    List<MapRef> winners = new ArrayList<>();
    for (int map = 0; map < OUTPUT_BYTES.length; map++) {
      winners.add(add(known, map, OUTPUT_BYTES[map]));
    }

    List<MergeJob> jobs =
        new MergePlanner(3, known).jobs(winners, ExchangeHarness.combined(2, 2, 1 << 20));

    assertThat(jobs)
        .extracting(MergePlannerTest::text)
        .containsExactly(
            "maps [0, 1, 2], partitions [0,2), 250 bytes",
            "maps [0, 1, 2], partitions [2,4), 250 bytes",
            "maps [3, 4], partitions [0,2), 150 bytes",
            "maps [3, 4], partitions [2,4), 150 bytes");
  }

  private static MapRef add(KnownOutputs known, int map, long bytes) {
    long[] lengths = new long[PARTITIONS];
    Arrays.fill(lengths, bytes / PARTITIONS);
    MapOutput output = new MapOutput(3, map, "n", lengths, new int[PARTITIONS]);
    var unused =
        known.put(
            output.ref(), new KnownOutputs.Entry(output.encode(), null, null, bytes, PARTITIONS));
    known.measure(output);
    return output.ref();
  }

  private static String text(MergeJob job) {
    List<Long> maps = job.members().stream().map(MapRef::mapId).toList();
    long bytes =
        maps.stream().mapToLong(map -> OUTPUT_BYTES[map.intValue()]).sum()
            * job.partitions()
            / PARTITIONS;
    return "maps "
        + maps
        + ", partitions ["
        + job.startPartition()
        + ","
        + job.endPartition()
        + "), "
        + bytes
        + " bytes";
  }
}

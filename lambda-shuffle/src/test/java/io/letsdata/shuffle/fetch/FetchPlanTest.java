// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FetchPlanTest {
  @Test
  void workedExampleHasTheRangesOfTheJavadoc() {
    var first =
        wanted(0, new Segment(0, 0, 4, 0), new Segment(1, 4, 4, 0), new Segment(2, 8, 22, 0));
    var second = wanted(1, new Segment(0, 10, 4, 0), new Segment(2, 16, 4, 0));

    assertThat(FetchPlan.plan(List.of(first, second), 0, 8))
        .extracting(FetchPlanTest::range)
        .containsExactly("0 [0,8)", "0 [8,16)", "0 [16,24)", "0 [24,30)", "1 [10,14)", "1 [16,20)");
    assertThat(FetchPlan.plan(List.of(first, second), 1, 8))
        .extracting(FetchPlanTest::range)
        .startsWith("1 [10,14)", "1 [16,20)", "0 [0,8)");
  }

  private static String range(FetchPlan.Request request) {
    int map = request.segments().get(0).wanted().mapIndex();
    return map + " [" + request.start() + "," + request.end() + ")";
  }

  @Test
  void neighbouringSegmentsAreOneRequest() {
    var wanted = wanted(1, new Segment(2, 10, 4, 0), new Segment(3, 14, 6, 0));

    assertThat(FetchPlan.plan(List.of(wanted), 0, 100))
        .containsExactly(
            new FetchPlan.Request(
                wanted.object(),
                null,
                10,
                20,
                List.of(
                    new FetchPlan.PlacedSegment(wanted, wanted.segments().get(0), 10),
                    new FetchPlan.PlacedSegment(wanted, wanted.segments().get(1), 14))));
  }

  @Test
  void segmentsThatAreNotNeighboursAreTwo() {
    var wanted = wanted(1, new Segment(2, 10, 4, 0), new Segment(3, 15, 6, 0));

    assertThat(FetchPlan.plan(List.of(wanted), 0, 100)).hasSize(2);
  }

  @Test
  void longRequestsAreCutBetweenSegmentsAndLargeSegmentsIntoSlices() {
    var wanted =
        wanted(
            1,
            new Segment(0, 0, 4, 0),
            new Segment(1, 4, 4, 0),
            new Segment(2, 8, 22, 0),
            new Segment(3, 30, 1, 0));

    List<FetchPlan.Request> plan = FetchPlan.plan(List.of(wanted), 0, 8);

    assertThat(plan).extracting(FetchPlan.Request::start).containsExactly(0L, 8L, 16L, 24L, 30L);
    assertThat(plan).extracting(FetchPlan.Request::end).containsExactly(8L, 16L, 24L, 30L, 31L);
    assertThat(plan)
        .extracting(FetchPlan.Request::isWhole)
        .containsExactly(true, false, false, false, true);
  }

  @Test
  void tasksBeginAtDifferentOutputs() {
    List<FetchPlan.Wanted> wanted =
        List.of(
            wanted(1, new Segment(0, 0, 1, 0)),
            wanted(2, new Segment(0, 0, 1, 0)),
            wanted(3, new Segment(0, 0, 1, 0)));

    assertThat(FetchPlan.plan(wanted, 4, 8))
        .extracting(request -> request.segments().get(0).wanted().mapIndex())
        .containsExactly(2, 3, 1);
  }

  @Test
  void nothingWantedIsNothingPlanned() {
    assertThat(FetchPlan.plan(List.of(), 4, 8)).isEmpty();
  }

  @Test
  void segmentThatTheDriverExpectsAndTheIndexLacksIsALostOutput() {
    var wanted = wanted(1, new Segment(2, 10, 4, 0));

    assertThatThrownBy(() -> wanted.requirePartitions(List.of(2, 3)))
        .isInstanceOfSatisfying(
            SegmentUnavailable.class, lost -> assertThat(lost.partition()).isEqualTo(3))
        .hasMessageContaining("the index has no such segment");
    assertThatThrownBy(() -> wanted.requirePartitions(List.of()))
        .isInstanceOfSatisfying(
            SegmentUnavailable.class, lost -> assertThat(lost.partition()).isEqualTo(2))
        .hasMessageContaining("the driver knows no such segment");
  }

  private static FetchPlan.Wanted wanted(int mapIndex, Segment... segments) {
    MapRef map = new MapRef(mapIndex, "n");
    return new FetchPlan.Wanted(
        map, mapIndex, Samples.LAYOUT.dataLocation(0, map), List.of(segments));
  }
}

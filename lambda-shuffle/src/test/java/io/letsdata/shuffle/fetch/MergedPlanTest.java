// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.Samples;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.store.ObjectLocation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example of {@link MergedPlan}. */
final class MergedPlanTest {
  private static final ObjectLocation MERGED = Samples.LAYOUT.mergedLocation(0, "m");
  private static final Segment FIRST = new Segment(0, 0, 10, 0);
  private static final Segment SECOND = new Segment(1, 10, 10, 0);

  private final FetchPlan.Wanted a = wanted(1);
  private final FetchPlan.Wanted b = wanted(2);
  private final FetchPlan.Wanted c = wanted(3);
  private final MergedSource source =
      new MergedSource(
          MERGED,
          0,
          List.of(
              new MergedSource.Place(a.map(), FIRST, 0),
              new MergedSource.Place(b.map(), FIRST, 10),
              new MergedSource.Place(a.map(), SECOND, 20),
              new MergedSource.Place(b.map(), SECOND, 30)));

  @Test
  void mergedObjectReplacesTheRequestsOfTwoOutputs() {
    List<FetchPlan.Request> plan = FetchPlan.plan(List.of(a, b, c), List.of(source), 0, 100);

    assertThat(plan).extracting(FetchPlan.Request::object).containsExactly(MERGED, c.object());
    assertThat(plan).extracting(FetchPlan.Request::start).containsExactly(0L, 0L);
    assertThat(plan).extracting(FetchPlan.Request::end).containsExactly(40L, 20L);
  }

  @Test
  void mergedObjectThatSavesNoRequestIsNotRead() {
    assertThat(FetchPlan.plan(List.of(a, c), List.of(source), 0, 100))
        .extracting(FetchPlan.Request::object)
        .containsExactly(a.object(), c.object());
  }

  private static FetchPlan.Wanted wanted(int mapIndex) {
    MapRef map = new MapRef(mapIndex, "n");
    return new FetchPlan.Wanted(
        map, mapIndex, Samples.LAYOUT.dataLocation(0, map), List.of(FIRST, SECOND));
  }
}

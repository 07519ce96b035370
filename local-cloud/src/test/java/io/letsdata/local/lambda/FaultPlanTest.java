// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.local.admin.Chaos;
import io.letsdata.local.admin.Fault;
import io.letsdata.local.admin.Fault.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private final FaultPlan plan = new FaultPlan();

  @Test
  void firstMatchIsTakenAndCountsDown() {
    plan.add(Fault.next(Kind.THROTTLE).matching("b"));
    plan.add(Fault.next(Kind.CRASH).times(2));

    assertThat(take("abc")).isEqualTo(Kind.THROTTLE);
    assertThat(take("abc")).isEqualTo(Kind.CRASH);
    assertThat(plan.pending()).containsExactly(Fault.next(Kind.CRASH));
  }

  @Test
  void otherFunctionsAndPayloadsAreSpared() {
    plan.add(Fault.next(Kind.THROTTLE).of("g"));
    plan.add(Fault.next(Kind.THROTTLE).matching("needle"));

    assertThat(plan.take("f", new byte[] {'h', 'a', 'y'})).isEmpty();
    assertThat(plan.pending()).hasSize(2);
  }

  @Test
  void faultThatWasPutBackComesFirst() {
    plan.add(Fault.next(Kind.CRASH).times(2));
    plan.putBack(plan.take("f", new byte[0]).orElseThrow());
    plan.add(Fault.next(Kind.THROTTLE));

    assertThat(take("1")).isEqualTo(Kind.CRASH);
    assertThat(take("2")).isEqualTo(Kind.CRASH);
    assertThat(take("3")).isEqualTo(Kind.THROTTLE);
  }

  private Kind take(String payload) {
    return plan.take("f", payload.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .orElseThrow()
        .kind();
  }

  @Test
  void chaosHitsItsShareOfInvocationsAndTheSameOnesForTheSameSeed() {
    FaultPlan one = new FaultPlan();
    FaultPlan two = new FaultPlan();
    Chaos chaos =
        new Chaos(7, 0.25, List.of(Fault.Kind.CRASH, Fault.Kind.THROTTLE, Fault.Kind.CRASH), 30);
    one.chaos(chaos);
    two.chaos(chaos);
    int hit = 0;
    for (int i = 0; i < 1000; i++) {
      Optional<Fault> fault = one.take("f", new byte[0]);
      assertThat(two.take("f", new byte[0])).isEqualTo(fault);
      assertThat(fault.map(Fault::millis).orElse(30L)).isEqualTo(30);
      hit += fault.isPresent() ? 1 : 0;
    }
    assertThat(hit).isBetween(150, 350);

    one.clear();

    assertThat(one.take("f", new byte[0])).isEmpty();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every request of a whole job, each with every fault, for each kind of job. */
class JobFaultsTest {
  @ParameterizedTest
  @EnumSource
  void faultAtAnyRequestShowsTheOldOrTheNewRowsAndLeavesNothing(JobFaults.Kind kind)
      throws IOException {
    int requests = JobFaults.requests(new InMemoryObjectStore("b"), "b", kind);
    assertThat(requests).isGreaterThan(2);
    int cases = 0;
    for (int request = 1; request <= requests; request++) {
      for (JobFaults.Fault fault : JobFaults.Fault.values()) {
        try {
          new JobFaults(new InMemoryObjectStore("b"), "b", kind).check(request, fault);
        } catch (AssertionError e) {
          throw new AssertionError(
              "%s, request %s of %s, %s: %s"
                  .formatted(kind, request, requests, fault, e.getMessage()),
              e);
        }
        cases++;
      }
    }
    System.out.printf("%s: %s requests, %s faults%n", kind, requests, cases);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.executor.cleanup.StoredRun;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GcCommandTest {
  private static final StoredRun ONE = run("app-1-0000-0123456789abcdef");
  private static final StoredRun SAME_ID = run("app-1-0000-fedcba9876543210");
  private static final StoredRun OTHER = run("app-1-0001-fedcba9876543210");

  @Test
  void uniqueIdNamesItsApplication() throws IOException {
    assertThat(GcCommand.only(List.of(ONE, OTHER), "app-1-0000")).containsExactly(ONE);
    assertThat(GcCommand.only(List.of(ONE, OTHER), "app-1")).isEmpty();
  }

  @Test
  void applicationsThatShareAnIdAreNotDeletedTogether() throws IOException {
    assertThatThrownBy(() -> GcCommand.only(List.of(ONE, SAME_ID, OTHER), "app-1-0000"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot clean up app-1-0000: these share the id: app-1-0000-0123456789abcdef,"
                + " app-1-0000-fedcba9876543210. Pass one of them.");
    assertThat(GcCommand.only(List.of(ONE, SAME_ID), SAME_ID.application()))
        .containsExactly(SAME_ID);
  }

  private static StoredRun run(String name) {
    return new StoredRun(new ObjectLocation("b", "runs/" + name), 1, 1, 0, Instant.EPOCH, false);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.explore.Actor;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.VersionHold;
import io.letsdata.store.ObjectLocation;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compaction, clean-up, expiry and rollback beside writers, under every order of their requests and
 * with every fault at each of them.
 */
@Tag("slow")
class LifecycleExplorerTest {
  private static final Operation APPEND = new Operation.Append();
  private static final Operation OVERWRITE = new Operation.Overwrite(/* exclusive= */ false);

  @Test
  void compactionBesideAppendsAndOverwritesKeepsEveryRow() {
    for (Operation other :
        List.of(APPEND, OVERWRITE, ProtocolExplorerTest.overwritePartitions("1"))) {
      ProtocolExplorerTest.explore(
          "compaction beside " + other.kind().text(),
          1,
          () -> {
            ExploredOutput out = new ExploredOutput();
            out.committed(out.job("x", APPEND, "1")).committed(out.job("y", APPEND, "1"));
            Set<String> replaced =
                ExploredOutput.locations(
                    new ManifestLog(out.memory, CommitFixture.OUT).read(2).files());
            return out.writer(out.job("c", new Operation.Compact(replaced), "1"))
                .writer(out.job("w", other, "1"));
          });
    }
  }

  @Test
  void cleanUpBesideWritersDeletesNothingThatAVersionNames() {
    ProtocolExplorerTest.explore(
        "clean-up beside two appenders",
        1,
        () -> {
          ExploredOutput out = new ExploredOutput();
          out.committed(out.job("x", APPEND, "1"));
          ExploredOutput.Job lost = out.job("lost", APPEND, "1");
          assertThat(lost.outputs()).hasSize(1);
          out.now();
          return out.writer(out.job("a", APPEND, "1"))
              .writer(out.job("b", OVERWRITE, "1"))
              .actor(
                  Actor.of(
                      "gc",
                      via -> {
                        try {
                          OutputCleanup.Leftovers left =
                              OutputCleanup.find(
                                  via,
                                  CommitFixture.OUT,
                                  ExploredOutput.NOW,
                                  OutputCleanup.LEAST_AGE);
                          assertThat(left.objects()).hasSize(1);
                          OutputCleanup.delete(via, left);
                        } catch (IOException e) {
                          // run again
                        }
                      }));
        });
  }

  private static Actor expiry(String name) {
    return Actor.of(
        name,
        via -> {
          try {
            OutputExpiry.Result unused =
                OutputExpiry.expire(
                    via,
                    CommitFixture.OUT,
                    ExploredOutput.NOW,
                    new OutputExpiry.Keep(1, Duration.ZERO));
          } catch (IOException e) {
            // run again
          }
        });
  }

  private static ExploredOutput twoVersions() throws IOException {
    ExploredOutput out = new ExploredOutput();
    out.committed(out.job("x", APPEND, "1")).committed(out.job("o", OVERWRITE, "1"));
    return out.now();
  }

  @Test
  void expiryDeletesNothingUnderAReadersHold() {
    ProtocolExplorerTest.explore(
        "expiry beside a reader that holds version 1, and an appender",
        1,
        () -> {
          ExploredOutput out = twoVersions();
          return out.actor(expiry("e"))
              .writer(out.job("a", APPEND, "1"))
              .actor(
                  Actor.reliable(
                      "r",
                      via -> {
                        VersionHold hold =
                            VersionHold.declare(via, CommitFixture.OUT, 1, Duration.ofHours(1));
                        ManifestLog log = new ManifestLog(via, CommitFixture.OUT);
                        Snapshot first = log.read(1);
                        if (first.state() == VersionState.LIVE) {
                          for (var file : log.allFiles(first)) {
                            assertThat(via.read(ObjectLocation.parse(file.location())))
                                .isNotEmpty();
                          }
                        }
                        hold.end();
                      }));
        });
  }

  @Test
  void rollbackBesideExpiryNamesNoDeletedFile() {
    ProtocolExplorerTest.explore(
        "rollback beside expiry",
        1,
        () -> {
          ExploredOutput out = twoVersions();
          return out.actor(expiry("e"))
              .actor(
                  Actor.of(
                      "rollback",
                      via -> {
                        try {
                          Snapshot unused =
                              OutputHistory.rollBack(
                                  via,
                                  CommitFixture.OUT,
                                  1,
                                  CommitOrigin.of("cli", ""),
                                  CommitFixture.NO_PAUSE);
                        } catch (IOException e) {
                          // it is expired, or the store failed
                        }
                      }));
        });
    ProtocolExplorerTest.explore(
        "two expiries", 1, () -> twoVersions().actor(expiry("e1")).actor(expiry("e2")));
  }
}

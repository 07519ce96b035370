// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.explore.Actor;
import io.letsdata.fixtures.explore.Explorer;
import io.letsdata.fixtures.explore.Scenario;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real commit protocol under every order of its requests, with every fault at each of them. The
 * invariants are those of {@link ExploredOutput#check}. Each test prints how many schedules and
 * states it explored.
 */
@Tag("slow")
class ProtocolExplorerTest {
  private static final Operation APPEND = new Operation.Append();
  private static final Operation OVERWRITE = new Operation.Overwrite(/* exclusive= */ false);
  private static final int MAX_RUNS = 60_000;

  /** Makes a scenario; its set-up may fail. */
  interface Maker {
    ExploredOutput make() throws IOException;
  }

  private static Supplier<Scenario> of(Maker maker) {
    return () -> {
      try {
        return maker.make();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  static void explore(String name, int faults, Maker maker) {
    long began = System.nanoTime();
    Explorer.Counts counts = new Explorer(faults, MAX_RUNS).explore(of(maker));
    System.out.printf(
        "explored %s, %s faults: %s schedules (%s more were equal to one of them), %s states, %s ms%n",
        name,
        faults,
        counts.runs(),
        counts.pruned(),
        counts.states(),
        (System.nanoTime() - began) / 1_000_000);
    assertThat(counts.runs()).isGreaterThan(1);
  }

  private static ExploredOutput output() {
    return new ExploredOutput();
  }

  static Operation overwritePartitions(String partition) {
    return new Operation.OverwritePartitions(
        Optional.of(PartitionFilter.of(Set.of(Partition.of("p", partition)))));
  }

  private static Operation deletePartition(String partition) {
    return new Operation.DeletePartitions(PartitionFilter.of(Set.of(Partition.of("p", partition))));
  }

  @Test
  void threeAppendersAreEachInExactlyOnce() {
    explore(
        "three appenders",
        0,
        () -> {
          ExploredOutput out = output();
          return out.writer(out.job("a", APPEND, "1"))
              .writer(out.job("b", APPEND, "1"))
              .writer(out.job("c", APPEND, "2"));
        });
  }

  @Test
  void threeWritersWithTwoReadersHaveALinearHistory() {
    explore(
        "appender, overwrite, first version, two readers",
        0,
        () -> {
          ExploredOutput out = output();
          return out.writer(out.job("a", APPEND, "1"))
              .writer(out.job("o", OVERWRITE, "1"))
              .writer(out.job("c", new Operation.Create(false), "2"))
              .reader("r1")
              .reader("r2");
        });
  }

  @Test
  void twoAppendersWithAFaultAtAnyRequest() {
    explore(
        "two appenders, a reader",
        1,
        () -> {
          ExploredOutput out = output();
          return out.writer(out.job("a", APPEND, "1"))
              .writer(out.job("b", APPEND, "1"))
              .reader("r");
        });
  }

  @Test
  void threeWritersWithAFaultAtAnyRequest() {
    explore(
        "two appenders, an overwrite",
        1,
        () -> {
          ExploredOutput out = output();
          return out.writer(out.job("a", APPEND, "1"))
              .writer(out.job("b", APPEND, "1"))
              .writer(out.job("o", OVERWRITE, "1"));
        });
  }

  @Test
  void appenderAndOverwriteWithTwoFaults() {
    explore(
        "appender, overwrite",
        2,
        () -> {
          ExploredOutput out = output();
          return out.committed(out.job("x", APPEND, "1"))
              .writer(out.job("a", APPEND, "1"))
              .writer(out.job("o", OVERWRITE, "1"));
        });
  }

  @Test
  void operationsOnPartitionsLoseNoUpdate() {
    explore(
        "overwrite and delete of a partition beside an appender",
        0,
        () -> {
          ExploredOutput out = output();
          return out.committed(out.job("x", APPEND, "1"))
              .committed(out.job("y", APPEND, "2"))
              .writer(out.job("a", APPEND, "1"))
              .writer(out.job("o", overwritePartitions("1"), "1"))
              .writer(out.job("d", deletePartition("2"), "2"));
        });
    explore(
        "overwrite of a partition beside an appender",
        1,
        () -> {
          ExploredOutput out = output();
          return out.committed(out.job("x", APPEND, "1"))
              .writer(out.job("a", APPEND, "1"))
              .writer(out.job("o", new Operation.OverwritePartitions(Optional.empty()), "1"));
        });
  }

  @Test
  void twoDriversWithOneCommitIdOrEpochCommitOnce() {
    CommitOrigin retried =
        new CommitOrigin(new Application("app", ""), Optional.of("load-7"), Optional.empty());
    CommitOrigin epoch =
        new CommitOrigin(
            new Application("app", ""), Optional.empty(), Optional.of(new StreamEpoch("q", 3)));
    for (CommitOrigin origin : List.of(retried, epoch)) {
      explore(
          "two drivers of one "
              + (origin.stream().isPresent() ? "epoch" : "commit-id")
              + ", an appender",
          1,
          () -> {
            ExploredOutput out = output();
            out.writer(out.job("a", APPEND, origin, "1")).writer(out.job("b", APPEND, origin, "1"));
            return out.actor(
                Actor.reliable(
                    "r",
                    via -> {
                      ManifestLog log = new ManifestLog(via, CommitFixture.OUT);
                      Optional<Snapshot> latest = log.latest();
                      if (latest.isPresent()) {
                        assertThat(latest.get().fileCount()).isEqualTo(1);
                        assertThat(latest.get().version()).isEqualTo(1);
                      }
                    }));
          });
    }
  }

  /** A store whose conditional writes have no condition. */
  private static final class Unconditional extends ForwardingObjectStore {
    private final ObjectStore store;

    Unconditional(ObjectStore store) {
      this.store = store;
    }

    @Override
    protected ObjectStore delegate() {
      return store;
    }

    @Override
    public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
      String unused = put(location, content);
      return true;
    }
  }

  @Test
  void commitWithoutAConditionIsFound() {
    assertThatThrownBy(
            () ->
                new Explorer(0, MAX_RUNS)
                    .explore(
                        of(
                            () -> {
                              ExploredOutput out = output();
                              return out.seenThrough(Unconditional::new)
                                  .writer(out.job("a", APPEND, "1"))
                                  .writer(out.job("b", APPEND, "1"));
                            })))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("PUT-IF-ABSENT")
        .hasMessageContaining("ended as COMMITTED");
  }

  @Test
  void deleteWithUnknownOutcomeIsFound() {
    assertThatThrownBy(
            () ->
                new Explorer(1, MAX_RUNS)
                    .explore(
                        of(
                            () -> {
                              ExploredOutput out = output();
                              ExploredOutput.Job job = out.job("a", APPEND, "1");
                              return out.actor(Actor.of("a", via -> commitOrDelete(out, via, job)));
                            })))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("CUT")
        .hasMessageContaining("exists");
  }

  /** The mistake: a failure is taken for "not committed". */
  private static void commitOrDelete(ExploredOutput out, ObjectStore via, ExploredOutput.Job job) {
    List<TaskObject> objects = JobObjects.inOrder(job.outputs(), 1);
    try {
      ManifestCommitter committer = CommitFixture.committer(via);
      Optional<Snapshot> unused =
          new ManifestPublication(committer, job.request(), committer.head(APPEND))
              .publish(objects);
    } catch (IOException e) {
      try {
        ObjectDiscard.all(out.memory, objects);
      } catch (IOException lost) {
        throw new UncheckedIOException(lost);
      }
    }
  }
}

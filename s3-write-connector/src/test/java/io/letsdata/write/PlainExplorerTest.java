// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.explore.Actor;
import io.letsdata.fixtures.explore.Explorer;
import io.letsdata.fixtures.explore.Scenario;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Commits of the plain layout beside recovery and beside another job, under every order of their
 * requests and with a fault at each of them.
 */
@Tag("slow")
class PlainExplorerTest {
  @Test
  void plainDriverBesideRecoveryIsPublishedOnceAndLeavesNothing() {
    explore(WriteMode.APPEND, Beside.RECOVERY, 1);
    explore(WriteMode.OVERWRITE, Beside.RECOVERY, 1);
  }

  @Test
  void plainOverwriteBesideAnotherJobReplacesWhatItKnew() {
    explore(WriteMode.OVERWRITE, Beside.APPEND, 0);
  }

  private static void explore(WriteMode mode, Beside beside, int faults) {
    Explorer.Counts counts =
        new Explorer(faults, 60_000)
            .explore(
                () -> {
                  try {
                    return new PlainScenario(mode, beside);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    System.out.printf(
        "explored plain %s beside %s, %s faults: %s schedules (%s more were equal to one of them), %s states%n",
        mode, beside, faults, counts.runs(), counts.pruned(), counts.states());
    assertThat(counts.runs()).isGreaterThan(1);
  }

  private enum Beside {
    RECOVERY,
    APPEND
  }

  /** A driver that commits one upload, a recovery, and a driver of another job. */
  private static final class PlainScenario implements Scenario {
    private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
    private final Map<String, Boolean> reported = new HashMap<>();
    private final List<Actor> actors = new ArrayList<>();

    PlainScenario(WriteMode mode, Beside beside) throws IOException {
      driver("first", WriteMode.APPEND, memory);
      List<TaskObject> ours = uploaded("ours");
      actors.add(Actor.of("ours", via -> publish("ours", mode, ours, via)));
      if (beside == Beside.RECOVERY) {
        actors.add(
            Actor.reliable(
                "recovery",
                via -> {
                  OutputRecovery.Result unused =
                      OutputRecovery.finishPending(via, CommitFixture.OUT, CommitFixture.NO_PAUSE);
                }));
      } else {
        List<TaskObject> other = uploaded("other");
        actors.add(Actor.reliable("other", via -> publish("other", WriteMode.APPEND, other, via)));
      }
    }

    private void driver(String id, WriteMode mode, ObjectStore via) throws IOException {
      publish(id, mode, uploaded(id), via);
    }

    private List<TaskObject> uploaded(String id) throws IOException {
      ObjectNames names = new ObjectNames(CommitFixture.OUT, Layout.PLAIN, 0, 7, id, "txt");
      ObjectSink sink = new ObjectSink(memory, names.location(0), Layout.PLAIN);
      sink.write(new byte[] {1});
      sink.close();
      return List.of(sink.result(1));
    }

    private void publish(String id, WriteMode mode, List<TaskObject> objects, ObjectStore via)
        throws IOException {
      JobCommit commit =
          new JobCommit(
              via,
              new PlainPublication(
                  via,
                  CommitFixture.OUT,
                  OutputRecovery.completion(via, CommitFixture.OUT, CommitFixture.NO_PAUSE),
                  CommitFixture.job(id, mode, Layout.PLAIN),
                  head(mode, via)));
      try {
        reported.put(id, commit.commit(objects).isPresent());
      } catch (CommitOutcomeUnknown e) {
        // recovery decides
      } catch (IOException e) {
        reported.put(id, false);
        int unused = commit.abort(List.of(new TaskOutput(0, objects)));
      }
    }

    private static BaseVersion head(WriteMode mode, ObjectStore via) {
      try {
        return CommitFixture.committer(via).head(mode.operation());
      } catch (IOException e) {
        return BaseVersion.NONE;
      }
    }

    @Override
    public ObjectStore store() {
      return memory;
    }

    @Override
    public List<Actor> actors() {
      return actors;
    }

    @Override
    public void check() throws Exception {
      OutputRecovery.Result unused =
          OutputRecovery.finishPending(memory, CommitFixture.OUT, CommitFixture.NO_PAUSE);
      ManifestLog log = new ManifestLog(memory, CommitFixture.OUT);
      Map<String, Long> published = new HashMap<>();
      for (long version = 1; version <= log.latestVersion(); version++) {
        assertThat(published.put(log.read(version).id(), version)).as("published once").isNull();
      }
      reported.forEach(
          (id, committed) -> assertThat(published.containsKey(id)).as(id).isEqualTo(committed));
      Set<String> named = ExploredOutput.locations(log.allFiles(log.latest().orElseThrow()));
      for (String file : named) {
        assertThat(memory.stat(ObjectLocation.parse(file))).as(file).isPresent();
      }
      Set<String> listed = new HashSet<>();
      memory.keys("b").stream()
          .filter(key -> key.startsWith("out/part-"))
          .forEach(key -> listed.add("s3://b/" + key));
      assertThat(listed).as("a listing shows the latest version").isEqualTo(named);
      assertThat(memory.keys("b")).noneMatch(key -> key.contains("/pending/"));
    }
  }
}

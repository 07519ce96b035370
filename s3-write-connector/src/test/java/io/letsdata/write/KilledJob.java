// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.version.TableState;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.StoreUnavailable;
import io.letsdata.store.s3.SharedStores;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The driver's side of a job in a process that ends, as by SIGKILL, before or after one of its
 * requests. A request that is on its way when the process ends arrives or does not, so there is no
 * third moment.
 */
final class KilledJob {
  /** Of a process that ended itself where it should. */
  static final int KILLED = 137;

  static final String JOB = "0f0f0f0f-0000-4000-8000-000000000000";

  /** What the process does. */
  enum Work {
    /** Marks the job, commits its object and deletes the mark. */
    COMMIT,
    /** Brings the recovery records of an output to their ends. */
    RECOVER
  }

  /** Where it ends; {@code LOST}: nowhere, but no request of this kind gets its response. */
  enum Moment {
    BEFORE,
    AFTER,
    LOST
  }

  private KilledJob() {}

  /**
   * Does the work and ends.
   *
   * @param arguments endpoint, file with the identity, output, {@link Work}, kinds of requests with
   *     commas between them, {@link Moment}
   */
  public static void main(String... arguments) throws IOException {
    StoreSettings settings =
        StoreSettings.localStack(URI.create(arguments[0]), Path.of(arguments[1]));
    HookedObjectStore store = new HookedObjectStore(SharedStores.get(settings));
    OutputLayout output = OutputLayout.of(arguments[2]);
    List<String> kinds = List.of(arguments[4].split(",", -1));
    Moment moment = Moment.valueOf(arguments[5]);
    if (Work.valueOf(arguments[3]) == Work.RECOVER) {
      store.hook(hook(kinds, moment));
      var unused = OutputRecovery.finishPending(store, output);
    } else {
      commit(store, output, hook(kinds, moment));
    }
    System.exit(0);
  }

  private static void commit(HookedObjectStore store, OutputLayout output, HookedObjectStore.Hook h)
      throws IOException {
    JobMark mark = new JobMark(store, output, JOB, JobMark.INTERVAL);
    mark.start(() -> true);
    ObjectLocation at = new ObjectLocation(output.bucket(), output.dataKey(0, 7, "ours", "txt"));
    String etag = store.put(at, ObjectContent.ofUtf8("row\n"));
    JobCommit job = job(store, output);

    store.hook(h);
    mark.renew();
    var unused = job.commit(List.of(new WrittenObject(at, 4, etag, 1)));
    mark.end();
  }

  private static JobCommit job(ObjectStore store, OutputLayout output) throws IOException {
    ManifestCommitter committer =
        new ManifestCommitter(
            new ManifestLog(store, output),
            CommitFixture.ANY,
            CommitFixture.NO_PAUSE,
            ManifestCommitter.Publishers.DRIVER);
    Operation append = new Operation.Append();
    CommitRequest job =
        new CommitRequest(
            JOB,
            append,
            CommitOrigin.of("app-7", "killed"),
            "text",
            "{\"type\":\"struct\",\"fields\":[]}",
            Map.of(),
            Layout.MANIFEST,
            TableState.NONE,
            List.of());
    return new JobCommit(store, new ManifestPublication(committer, job, committer.head(append)));
  }

  private static HookedObjectStore.Hook hook(List<String> kinds, Moment moment) {
    return new HookedObjectStore.Hook() {
      @Override
      public void before(int number, String request) {
        if (moment == Moment.BEFORE && kinds.contains(request)) {
          Runtime.getRuntime().halt(KILLED);
        }
      }

      @Override
      public void after(int number, String request) throws IOException {
        if (!kinds.contains(request)) {
          return;
        }
        switch (moment) {
          case AFTER -> Runtime.getRuntime().halt(KILLED);
          case LOST -> {
            if (request.equals("PUT-IF-ABSENT")) {
              throw new OutcomeUnknown("planted", null);
            }
            throw new StoreUnavailable("planted", null);
          }
          case BEFORE -> {}
        }
      }
    };
  }
}

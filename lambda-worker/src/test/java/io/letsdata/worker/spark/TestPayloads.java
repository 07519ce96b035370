// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.protocol.Blob;
import io.letsdata.protocol.CachedBlock;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.SealedStore;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Payloads and invocations for tests; nothing in them is read but what a test sets. */
public final class TestPayloads {
  /** The key of all applications. */
  public static final RunKey KEY = RunKey.random();

  private TestPayloads() {}

  /** The objects that driver and worker exchange. */
  public static SealedStore sealed(ObjectStore store) {
    return new SealedStore(store, KEY);
  }

  /** The keys of an application. */
  public static RunLayout layout(String application) {
    return new RunLayout(new ObjectLocation("b", "runs/" + application));
  }

  public static Session session(String application) {
    return Session.of(application, layout(application), Map.of(), KEY);
  }

  /** A task of the dispatch {@code d}. A response is stored when it took more than an hour. */
  public static TaskPayload task(Session session, boolean runOnce) {
    return new TaskPayload(
        session,
        "d",
        1,
        2,
        3,
        0,
        runOnce,
        Duration.ofMinutes(1).toMillis(),
        Duration.ofHours(1).toMillis(),
        Duration.ofHours(1).toMillis(),
        1_000,
        Map.of(),
        Map.of("broadcast_1_piece0", Blob.of(new byte[] {1})),
        List.of(new CachedBlock("rdd_1_0", "s3://b/cached", 1)),
        Map.of(),
        Blob.of(new byte[0]));
  }

  public static TaskPayload task(String application) {
    return task(session(application), false);
  }

  public static MergePayload merge(Session session) {
    return new MergePayload(
        new byte[] {1}, Blob.of(new byte[0]), 1_000, session, "d", 2, 1_000, Map.of());
  }

  /** A session of a driver of another build. */
  public static Session otherBuild() {
    Session ours = session("app");
    return new Session(
        Messages.BUILD + "-other", ours.application(), ours.root(), ours.store(), ours.conf(), KEY);
  }

  public static Invocation invocation(String nonce) {
    return new Invocation(nonce, "request-of-" + nonce, "stream", Duration.ofMinutes(1));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.cleanup;

import io.letsdata.options.Internal;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Finds and deletes objects that applications left under a run location. Callers decide which, by
 * {@link StoredRun}. Only objects under an application id of Spark's masters or of ours are found;
 * others are never deleted. Not thread-safe; closes nothing.
 */
@Internal
public final class RunCleanup {
  private static final Pattern APPLICATION =
      Pattern.compile(
          "letsdata-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" // the Lambda master
              + "|(local-\\d+|app-\\d+-\\d+|application_\\d+_\\d+" // local, standalone, YARN
              + "|spark-[0-9a-f]{32}|spark-application-\\d+)" // Kubernetes, others
              + "(-[0-9a-f]{16})?"); // drawn by the driver: their ids are not unique
  private static final String LAMBDA_MASTER = "letsdata-";
  private static final int BATCH = 1000;

  private final ObjectStore store;
  private final ObjectLocation runLocation;

  /** {@code runLocation} is the value of {@code spark.letsdata.run.location} in sessions. */
  public RunCleanup(ObjectStore store, ObjectLocation runLocation) {
    this.store = store;
    this.runLocation = runLocation;
  }

  /**
   * The time of the store's clock, so that a wrong clock here deletes nothing: an object is stored,
   * listed and deleted. One PUT, one LIST, one DELETE.
   */
  public Instant now() throws IOException {
    ObjectLocation probe = runLocation.resolve("gc-" + UUID.randomUUID());
    String unused = store.put(probe, ObjectContent.of(new byte[0]));
    try {
      List<ListedObject> listed =
          store.list(probe.bucket(), probe.key(), Optional.empty(), 1).objects();
      if (listed.isEmpty()) {
        throw new IOException(
            "Cannot read the store's time: "
                + probe
                + " was stored and is not listed. Use a store whose listings are consistent.");
      }
      return listed.get(0).modified();
    } finally {
      store.delete(List.of(probe));
    }
  }

  /** The runs there, by application. One LIST a thousand objects and one a thousand uploads. */
  public List<StoredRun> find() throws IOException {
    Map<String, Tally> runs = new TreeMap<>();
    String prefix = runLocation.key().isEmpty() ? "" : runLocation.key() + "/";
    try {
      Iterator<ListedObject> objects = store.listAll(runLocation.bucket(), prefix);
      while (objects.hasNext()) {
        ListedObject object = objects.next();
        tally(runs, prefix, object.location()).ifPresent(run -> run.add(object));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (ListedUpload upload : store.listUploads(runLocation.bucket(), prefix)) {
      tally(runs, prefix, upload.location()).ifPresent(run -> run.add(upload));
    }
    return runs.values().stream().map(Tally::run).toList();
  }

  /**
   * Deletes all objects of the application, uploads first. One LIST and one DELETE a thousand
   * objects, one LIST of uploads and one DELETE an upload.
   *
   * @throws IOException when something could not be deleted; the others may have been deleted
   */
  public void delete(StoredRun run) throws IOException {
    String bucket = run.root().bucket();
    String prefix = run.root().key() + "/";
    for (ListedUpload upload : store.listUploads(bucket, prefix)) {
      store.abortMultipart(upload.handle());
    }
    List<ObjectLocation> batch = new ArrayList<>();
    try {
      Iterator<ListedObject> objects = store.listAll(bucket, prefix);
      while (objects.hasNext()) {
        batch.add(objects.next().location());
        if (batch.size() == BATCH) {
          store.delete(batch);
          batch.clear();
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!batch.isEmpty()) {
      store.delete(batch);
    }
  }

  private Optional<Tally> tally(Map<String, Tally> runs, String prefix, ObjectLocation location) {
    int end = location.key().indexOf('/', prefix.length());
    if (end < 0) {
      return Optional.empty();
    }
    String application = location.key().substring(prefix.length(), end);
    return APPLICATION.matcher(application).matches()
        ? Optional.of(
            runs.computeIfAbsent(
                application,
                id -> new Tally(runLocation.resolve(id), id.startsWith(LAMBDA_MASTER))))
        : Optional.empty();
  }

  private static final class Tally {
    private final RunLayout layout;
    private long objects;
    private long lengthBytes;
    private int uploads;
    private Instant lastSign = Instant.EPOCH;
    private boolean ended;

    Tally(ObjectLocation root, boolean storesItsConf) {
      this.layout = new RunLayout(root);
      this.ended = storesItsConf;
    }

    void add(ListedObject object) {
      objects++;
      lengthBytes += object.stat().lengthBytes();
      sign(object.modified());
      ObjectLocation location = object.location();
      if (location.equals(layout.conf()) || location.equals(RunHeartbeat.location(layout.root()))) {
        ended = false;
      }
    }

    void add(ListedUpload upload) {
      uploads++;
      sign(upload.started());
    }

    private void sign(Instant at) {
      lastSign = at.isAfter(lastSign) ? at : lastSign;
    }

    StoredRun run() {
      return new StoredRun(layout.root(), objects, lengthBytes, uploads, lastSign, ended);
    }
  }
}

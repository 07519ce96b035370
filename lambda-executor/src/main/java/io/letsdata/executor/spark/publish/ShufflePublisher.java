// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.ShuffleInput;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.spark.context.MapLocation;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.ShuffleStatus;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.scheduler.ShuffleMapStage;
import org.apache.spark.scheduler.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the places of map outputs for the tasks that read them: Spark's statuses and our
 * offsets, inside the payload when small, else as content-addressed objects. Thread-safe.
 */
final class ShufflePublisher {
  private static final Logger LOG = LoggerFactory.getLogger(ShufflePublisher.class);

  private final SparkEnv env;
  private final ObjectStore store;
  private final RunLayout layout;
  private final OutputRegistry offsets;
  private final long inlineLimitBytes;

  /** Content-addressed objects that are stored, and their etags, by shuffle. */
  private final Map<Integer, Map<ObjectLocation, String>> stored = new ConcurrentHashMap<>();

  ShufflePublisher(
      SparkEnv env,
      ObjectStore store,
      RunLayout layout,
      OutputRegistry offsets,
      long inlineLimitBytes) {
    this.env = env;
    this.store = store;
    this.layout = layout;
    this.offsets = offsets;
    this.inlineLimitBytes = inlineLimitBytes;
  }

  /**
   * A shuffle as the scheduler saw it when it submitted a stage.
   *
   * @param statuses Spark's, serialized
   * @param maps the winning attempts
   * @param readByMap whether its reader takes few map outputs whole: {@link LocalShuffleReads}
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record ShuffleSnapshot(int shuffleId, byte[] statuses, List<MapRef> maps, boolean readByMap) {}

  /** The shuffles that the stage reads, as they are known now. No request. */
  List<ShuffleSnapshot> parentsOf(Stage stage) {
    MapOutputTrackerMaster tracker = (MapOutputTrackerMaster) env.mapOutputTracker();
    stored.keySet().removeIf(shuffleId -> !tracker.containsShuffle(shuffleId));
    List<ShuffleSnapshot> snapshots = new ArrayList<>();
    Set<Integer> readByMap = LocalShuffleReads.in(stage.rdd());
    for (Stage parent : SparkInternals.list(stage.parents())) {
      if (parent instanceof ShuffleMapStage map) {
        int shuffleId = map.shuffleDep().shuffleId();
        ShuffleStatus status = tracker.shuffleStatuses().apply(shuffleId);
        List<MapRef> maps = new ArrayList<>();
        status.withMapStatuses(
            statuses -> {
              for (MapStatus s : statuses) {
                if (s != null) {
                  maps.add(MapLocation.parse(s.location()));
                }
              }
              return null;
            });
        byte[] serialized =
            status.serializedMapStatus(
                env.broadcastManager(), false, Integer.MAX_VALUE, env.conf());
        snapshots.add(
            new ShuffleSnapshot(shuffleId, serialized, maps, readByMap.contains(shuffleId)));
      }
    }
    return snapshots;
  }

  /**
   * Publishes a shuffle for the tasks of a stage. At most two PUTs; a HEAD instead for an object
   * that was stored for an earlier stage, since it may have been deleted.
   *
   * @throws UncheckedIOException when the store fails and footers cannot replace the table
   */
  ShuffleInput publish(ShuffleSnapshot shuffle, int tasks) {
    Table table = table(shuffle, tasks);
    String ofStatuses = RunLayout.sha256(shuffle.statuses());
    return new ShuffleInput(
        blob(
            shuffle.shuffleId(),
            shuffle.statuses(),
            layout.mapStatuses(shuffle.shuffleId(), ofStatuses, "statuses"),
            shuffle.statuses().length <= smallBytes()),
        table.blob(),
        // The statuses stay as they are when merges add to the table.
        ofStatuses + table.sha256());
  }

  /** An offsets table as its readers get it. */
  record Table(Blob blob, String sha256) {}

  /**
   * Publishes the offsets of a shuffle alone. At most one PUT. When that fails, the table is
   * replaced by one that only names the outputs, if it fits into the payload: readers then find the
   * offsets in the outputs' footers.
   *
   * @param readers number of payloads that would carry it
   * @throws UncheckedIOException when the store fails and the replacement does not fit
   */
  Table table(ShuffleSnapshot shuffle, int readers) {
    byte[] whole = offsets.tables().table(shuffle.shuffleId(), shuffle.maps());
    try {
      return table(shuffle, whole, readers);
    } catch (UncheckedIOException e) {
      byte[] withFooters = offsets.tables().tableWithFooters(shuffle.shuffleId(), shuffle.maps());
      if (withFooters.length > Math.max(smallBytes(), offsets.bounds().payloadBytes())) {
        throw e;
      }
      LOG.warn(
          "Cannot store offsets of shuffle {}: its readers will read footers",
          shuffle.shuffleId(),
          e.getCause());
      return new Table(Blob.of(withFooters), RunLayout.sha256(withFooters));
    }
  }

  private Table table(ShuffleSnapshot shuffle, byte[] table, int readers) {
    String sha256 = RunLayout.sha256(table);
    Blob blob =
        blob(
            shuffle.shuffleId(),
            table,
            layout.mapStatuses(shuffle.shuffleId(), sha256, "offsets"),
            offsets.bounds().ridesAlong(table.length, smallBytes(), readers));
    return new Table(blob, sha256);
  }

  private int smallBytes() {
    return (int) (inlineLimitBytes / 4);
  }

  /** Bytes for the payload, or one PUT of a content-addressed object unless it is stored. */
  private Blob blob(int shuffleId, byte[] bytes, ObjectLocation location, boolean inline) {
    if (inline) {
      return Blob.of(bytes);
    }
    try {
      String etag =
          stored
              .computeIfAbsent(shuffleId, id -> new ConcurrentHashMap<>())
              .compute(
                  location,
                  (key, known) ->
                      known != null && isUnchanged(key, known) ? known : put(key, bytes));
      offsets.storedForReaders(shuffleId, location);
      return Blob.at(location, etag);
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException("Cannot publish " + location, e.getCause());
    }
  }

  /** Whether the object is unchanged: it may have been deleted, clipped or replaced. */
  private boolean isUnchanged(ObjectLocation location, String etag) {
    try {
      return store.stat(location).filter(stat -> stat.etag().equals(etag)).isPresent();
    } catch (IOException e) {
      LOG.debug("Cannot check {}; it is stored again", location, e);
      return false;
    }
  }

  private String put(ObjectLocation location, byte[] bytes) {
    try {
      return store.put(location, ObjectContent.of(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

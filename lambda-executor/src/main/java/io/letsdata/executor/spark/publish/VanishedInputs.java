// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes again what a worker did not find: the conf, a file or a piece of a broadcast that a
 * lifecycle rule or a person has deleted while the application lives. The driver still has them.
 *
 * <p>With the first object that is missing, all others are looked for: each try of a task would
 * find one after the other, and Spark gives a task up after four. An object is published again once
 * in {@link #ONE_LOSS}: what deletes it sooner will go on, while a rule that runs once a day does
 * not end an application of a week. No request while no failure names such an object. Thread-safe.
 */
final class VanishedInputs {
  /** A second loss of an object within this time has the cause of the first one. */
  static final Duration ONE_LOSS = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(VanishedInputs.class);

  /** Publishes an object again, and may publish others with it. */
  interface Again {
    void publish(ObjectLocation location) throws IOException;
  }

  /**
   * The objects of one kind.
   *
   * @param published those that were published
   * @param again publishes one of them again
   */
  record Source(Supplier<Collection<ObjectLocation>> published, Again again) {}

  private final ObjectStore store;
  private final RunLayout layout;
  private final LongSupplier nanoClock;
  private final List<Source> sources;
  private final Pattern named;

  /** When objects were published again, of those that may not be published once more; guarded. */
  private final Map<ObjectLocation, Long> publishedNanos = new HashMap<>();

  VanishedInputs(
      ObjectStore store, RunLayout layout, LongSupplier nanoClock, List<Source> sources) {
    this.store = store;
    this.layout = layout;
    this.nanoClock = nanoClock;
    this.sources = List.copyOf(sources);
    this.named =
        Pattern.compile(
            Pattern.quote(layout.root().toString())
                + "/(conf\\.json|file/[0-9a-f]+-\\d+|broadcast/broadcast_\\d+_piece\\d+)");
  }

  /**
   * Publishes the missing objects again. One HEAD for each object that the text names; when one is
   * missing, a LIST for each 1,000 files and pieces, and the requests of publishing for each of all
   * that are missing.
   *
   * @param failure text of a failure of a worker
   * @return whether it names objects, and another try will find all of them
   */
  synchronized boolean restore(String failure) {
    Set<String> locations = new HashSet<>();
    Matcher matcher = named.matcher(failure);
    while (matcher.find()) {
      locations.add(matcher.group());
    }
    if (locations.isEmpty()) {
      return false;
    }
    try {
      boolean areThere = true;
      for (String location : locations) {
        areThere &= store.stat(ObjectLocation.parse(location)).isPresent();
      }
      return areThere || restoreAll(locations);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot publish inputs again, of which a worker did not find {}", locations, e);
      return false;
    }
  }

  private boolean restoreAll(Set<String> named) throws IOException {
    long now = nanoClock.getAsLong();
    publishedNanos.values().removeIf(then -> now - then >= ONE_LOSS.toNanos());
    Set<String> missing = new HashSet<>(named);
    Set<ObjectLocation> stored = stored();
    int count = 0;
    for (Source source : sources) {
      for (ObjectLocation location : source.published().get()) {
        boolean isMissing = !stored.contains(location) && store.stat(location).isEmpty();
        if (isMissing && publishedNanos.putIfAbsent(location, now) == null) {
          source.again().publish(location);
          isMissing = false;
          count++;
        }
        if (!isMissing) {
          missing.remove(location.toString());
        }
      }
    }
    if (count > 0) {
      LOG.warn(
          "{} objects below {} were deleted while the application lives; they are published again",
          count,
          layout.root());
    }
    return missing.isEmpty();
  }

  /** The files and pieces of broadcasts that are there; the conf is looked for on its own. */
  private Set<ObjectLocation> stored() throws IOException {
    Set<ObjectLocation> stored = new HashSet<>();
    for (String folder : List.of("/file/", "/broadcast/")) {
      store
          .listAll(layout.root().bucket(), layout.root().key() + folder)
          .forEachRemaining(object -> stored.add(object.location()));
    }
    return stored;
  }
}

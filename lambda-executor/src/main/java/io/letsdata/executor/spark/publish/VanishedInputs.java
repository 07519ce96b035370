// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes again what a worker did not find: the conf, a file or a piece of a broadcast that a
 * lifecycle rule or a person has deleted while the application lives. The driver still has them.
 * Each object is published again once; a second loss has a cause that lasts. No request while no
 * failure names such an object. Thread-safe.
 */
final class VanishedInputs {
  private static final Logger LOG = LoggerFactory.getLogger(VanishedInputs.class);

  /** Publishes the objects of one kind again. */
  interface Source {
    void publishAgain(ObjectLocation location) throws IOException;
  }

  private final ObjectStore store;
  private final RunLayout layout;
  private final Source conf;
  private final Source files;
  private final Source broadcasts;
  private final Pattern named;

  // Guarded by this.
  private final Set<ObjectLocation> published = new HashSet<>();

  VanishedInputs(
      ObjectStore store, RunLayout layout, Source conf, Source files, Source broadcasts) {
    this.store = store;
    this.layout = layout;
    this.conf = conf;
    this.files = files;
    this.broadcasts = broadcasts;
    this.named =
        Pattern.compile(
            Pattern.quote(layout.root().toString())
                + "/(conf\\.json|file/[0-9a-f]+-\\d+|broadcast/broadcast_\\d+_piece\\d+)");
  }

  /**
   * Publishes the missing objects again. One HEAD for each object that the text names, and the
   * requests of publishing.
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
    boolean restored = !locations.isEmpty();
    for (String location : locations) {
      restored &= restored(ObjectLocation.parse(location));
    }
    return restored;
  }

  private boolean restored(ObjectLocation location) {
    try {
      if (store.stat(location).isPresent()) {
        return true;
      }
      if (!published.add(location)) {
        return false;
      }
      source(location).publishAgain(location);
      LOG.warn("{} was deleted while the application lives; it is published again", location);
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot publish {} again", location, e);
      return false;
    }
  }

  private Source source(ObjectLocation location) {
    String kind = location.key().substring(layout.root().key().length() + 1);
    if (kind.startsWith("broadcast/")) {
      return broadcasts;
    }
    return kind.startsWith("file/") ? files : conf;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.Internal;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader's declaration that it reads a version for some time: an expiry keeps the version's files
 * until then. Immutable.
 *
 * <p>Declare it first, and read the manifest afterwards: a manifest that is not expired then has
 * its files until the hold ends. The object {@code _letsdata/holds/<id>} has the text {@code
 * <version> <seconds>}; the time counts from when it was stored, by the store's clock.
 */
@Internal
public final class VersionHold {
  /** The longest hold. */
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(VersionHold.class);
  private static final int MAX_BYTES = 40;

  private final ObjectStore store;
  private final ObjectLocation location;

  private VersionHold(ObjectStore store, ObjectLocation location) {
    this.store = store;
    this.location = location;
  }

  /** Declares a hold. One PUT. */
  public static VersionHold declare(
      ObjectStore store, OutputLayout output, long version, Duration time) throws IOException {
    if (time.compareTo(LONGEST) > 0 || time.toSeconds() < 1) {
      throw new IllegalArgumentException("hold of " + time);
    }
    ObjectLocation location =
        new ObjectLocation(output.bucket(), output.holdPrefix() + UUID.randomUUID());
    String unused = store.put(location, ObjectContent.ofUtf8(version + " " + time.toSeconds()));
    return new VersionHold(store, location);
  }

  /**
   * Ends the hold before its time. One DELETE; a failure is logged, and the hold ends by itself.
   */
  public void end() {
    try {
      store.delete(List.of(location));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot delete {}; it ends by itself.", location, e);
    }
  }

  /**
   * The versions that are held. Deletes holds whose time is over. One LIST per thousand holds, one
   * GET for each.
   *
   * @param now of the store's clock
   */
  public static Set<Long> held(ObjectStore store, OutputLayout output, Instant now)
      throws IOException {
    Set<Long> versions = new HashSet<>();
    try {
      Iterator<ListedObject> holds = store.listAll(output.bucket(), output.holdPrefix());
      while (holds.hasNext()) {
        ListedObject hold = holds.next();
        long version = heldBy(store, hold, now);
        if (version > 0) {
          versions.add(version);
        } else if (hold.modified().plus(LONGEST).isBefore(now)) {
          store.delete(List.of(hold.location()));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return versions;
  }

  /** The version of a hold; 0 when its time is over, or it is not a hold. */
  private static long heldBy(ObjectStore store, ListedObject hold, Instant now) throws IOException {
    long lengthBytes = Math.min(hold.stat().lengthBytes(), MAX_BYTES);
    try {
      byte[] bytes = store.read(hold.location(), new ByteRange(0, lengthBytes));
      String[] words = new String(bytes, StandardCharsets.US_ASCII).split(" ", -1);
      if (words.length != 2) {
        return 0;
      }
      Duration time = Duration.ofSeconds(Long.parseLong(words[1]));
      boolean over = time.compareTo(LONGEST) > 0 || hold.modified().plus(time).isBefore(now);
      return over ? 0 : Long.parseLong(words[0]);
    } catch (ObjectNotFound | NumberFormatException | DateTimeException | ArithmeticException e) {
      return 0;
    }
  }
}

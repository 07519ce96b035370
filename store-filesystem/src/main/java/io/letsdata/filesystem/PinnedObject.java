// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object: the one that the path pins, or the one of the first response. Every GET
 * requires it. Thread-safe.
 */
final class PinnedObject {

  /** Limit of bodies in a row that break off without a new byte. */
  static final int MAX_BROKEN_BODIES = 3;

  private final ObjectStore store;
  private final ObjectLocation location;
  private volatile @Nullable ObjectStat known;

  PinnedObject(ObjectStore store, StorePath path) {
    this.store = store;
    this.location = path.location();
    this.known = path.pin().orElse(null);
  }

  ObjectLocation location() {
    return location;
  }

  /** Length and etag if they are known yet; no request. */
  Optional<ObjectStat> known() {
    return Optional.ofNullable(known);
  }

  /** Length and etag; one HEAD unless known. */
  ObjectStat stat() throws IOException {
    ObjectStat stat = known;
    if (stat == null) {
      stat = store.stat(location).orElseThrow(() -> notFound(location, null));
      known = stat;
    }
    return stat;
  }

  /** One GET of a part of it. */
  ObjectBody open(ByteRange range) throws IOException {
    return checked(() -> store.open(location, range, known().map(ObjectStat::etag)));
  }

  /** One GET of all of it, however long it is. */
  ObjectBody openAll() throws IOException {
    return checked(() -> store.openAll(location, known().map(ObjectStat::etag)));
  }

  /** A part of it in memory; one GET, and one for each body that breaks off. */
  CachedBlock read(ByteRange range) throws IOException {
    for (int broken = 0; ; ) {
      try {
        return readOnce(range);
      } catch (BodyTruncated e) {
        broken++;
        if (broken > MAX_BROKEN_BODIES) {
          throw e;
        }
      }
    }
  }

  /** As {@link #read}, but one GET only. */
  CachedBlock readOnce(ByteRange range) throws IOException {
    try (ObjectBody body = open(range)) {
      return new CachedBlock(range.start(), body.readAllBytes());
    }
  }

  private interface Opening {
    ObjectBody open() throws IOException;
  }

  private ObjectBody checked(Opening opening) throws IOException {
    ObjectBody body;
    try {
      body = opening.open();
    } catch (ObjectNotFound e) {
      throw notFound(location, e);
    }
    ObjectStat expected = known;
    if (expected == null) {
      known = body.stat();
    } else if (expected.lengthBytes() != body.stat().lengthBytes()) {
      body.close();
      throw new StoreException(
          "Cannot read %s: its manifest states %s bytes and it has %s. Correct the manifest's entry."
              .formatted(location, expected.lengthBytes(), body.stat().lengthBytes()));
    }
    return body;
  }

  /**
   * The exception of Hadoop and Spark for a missing file (spark.sql.files.ignoreMissingFiles looks
   * for it).
   */
  static FileNotFoundException notFound(ObjectLocation location, @Nullable Throwable cause) {
    FileNotFoundException missing =
        new FileNotFoundException(
            "Cannot read " + location + ": there is no such object. Check the manifest's entry.");
    if (cause != null) {
      missing.initCause(cause);
    }
    return missing;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tails of recently read objects, for readers that open an object twice: Spark's Parquet reader
 * reads each footer in its own stream and then again with the columns
 * (ParquetPartitionReaderFactory, 3.5.9). The key holds the etag, so an entry is never stale.
 * Thread-safe; bounded in bytes: the least recently used tail is removed first.
 */
final class TailCache {

  private record Version(ObjectLocation location, ObjectStat stat) {}

  private final long maxBytes;
  private final Map<Version, CachedBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long heldBytes;

  TailCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized Optional<CachedBlock> find(ObjectLocation location, ObjectStat stat) {
    return Optional.ofNullable(blocks.get(new Version(location, stat)));
  }

  synchronized void keep(ObjectLocation location, ObjectStat stat, CachedBlock block) {
    CachedBlock replaced = blocks.put(new Version(location, stat), block);
    heldBytes += block.lengthBytes() - (replaced == null ? 0 : replaced.lengthBytes());
    Iterator<CachedBlock> eldest = blocks.values().iterator();
    while (heldBytes > maxBytes && eldest.hasNext()) {
      heldBytes -= eldest.next().lengthBytes();
      eldest.remove();
    }
  }

  synchronized long heldBytes() {
    return heldBytes;
  }
}

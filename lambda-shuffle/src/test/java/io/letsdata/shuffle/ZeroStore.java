// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle;

import io.letsdata.fixtures.store.RefusingObjectStore;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts requests and keeps nothing but offsets tables: whatever else is read is zeros, so that
 * exchanges of many gigabytes can be counted. Thread-safe.
 */
public final class ZeroStore extends RefusingObjectStore {
  public final AtomicLong puts = new AtomicLong();
  public final AtomicLong gets = new AtomicLong();
  private final Map<ObjectLocation, byte[]> tables = new ConcurrentHashMap<>();

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag) {
    gets.incrementAndGet();
    byte[] table = tables.get(location);
    if (table == null) {
      return new ObjectBody(
          location,
          range,
          new ObjectStat(Long.MAX_VALUE, "0"),
          new Zeros(range.lengthBytes()),
          () -> {});
    }
    int end = (int) Math.min(range.end(), table.length);
    ByteRange given = new ByteRange(range.start(), end);
    byte[] bytes = Arrays.copyOfRange(table, (int) range.start(), end);
    ObjectStat stat = new ObjectStat(table.length, "t");
    return new ObjectBody(location, given, stat, new ByteArrayInputStream(bytes), () -> {});
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    puts.incrementAndGet();
    if (location.key().contains("-offsets-")) {
      try (InputStream in = content.open()) {
        tables.put(location, in.readAllBytes());
      }
    }
    return "0";
  }

  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      Arrays.fill(target, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}

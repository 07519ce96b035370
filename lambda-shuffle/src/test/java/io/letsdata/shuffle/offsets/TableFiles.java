// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.offsets;

import io.letsdata.fixtures.store.RefusingObjectStore;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts PUTs and GETs and keeps objects in a folder, not in memory. Thread-safe. */
public final class TableFiles extends RefusingObjectStore {
  public final AtomicInteger puts = new AtomicInteger();
  public final AtomicInteger gets = new AtomicInteger();
  private final Path folder;

  public TableFiles(Path folder) {
    this.folder = folder;
  }

  private Path file(ObjectLocation location) {
    return folder.resolve(location.key().replace('/', '_'));
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag) {
    gets.incrementAndGet();
    try (FileChannel file = FileChannel.open(file(location))) {
      ByteRange given = new ByteRange(range.start(), Math.min(range.end(), file.size()));
      ObjectStat stat = new ObjectStat(file.size(), "e");
      byte[] bytes =
          Channels.newInputStream(file.position(given.start()))
              .readNBytes(Math.toIntExact(given.lengthBytes()));
      return new ObjectBody(location, given, stat, new ByteArrayInputStream(bytes), () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    puts.incrementAndGet();
    try (InputStream in = content.open()) {
      long unused = Files.copy(in, file(location));
    }
    return "e";
  }
}

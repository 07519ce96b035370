// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file system over memory that counts requests; faults can be injected below the count. */
final class FileSystemFixture {

  final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  final CountingObjectStore requests = new CountingObjectStore(faulty);
  final StoreFileSystem fs = new StoreFileSystem(StoreContext.of(requests));

  FileSystemFixture() {
    try {
      fs.initialize(URI.create("letsdata-store://b/"), new Configuration(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectLocation at(String key) {
    return new ObjectLocation("b", key);
  }

  static Path unpinned(String key) {
    return StorePath.unpinned(at(key)).toPath();
  }

  /** Stores bytes without counting the request, and returns the path that pins them. */
  Path stored(String key, byte[] bytes) throws IOException {
    String etag = memory.put(at(key), ObjectContent.of(bytes));
    return StorePath.pinned(at(key), new ObjectStat(bytes.length, etag)).toPath();
  }

  static byte[] random(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    return bytes;
  }
}

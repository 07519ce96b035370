// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static io.letsdata.filesystem.FileSystemFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file system as Hadoop itself finds it, over a real connection. */
class StoreFileSystemIT {

  private static final int MIB = 1024 * 1024;

  private static S3ProxyServer server;
  private static Configuration configuration;
  private static ObjectStore store;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "bucket");
    configuration = new Configuration();
    StoreFileSystem.properties(server.settings()).forEach(configuration::set);
    store = SharedStores.get(server.settings());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void partsOfLargeObjectInAnyOrderAreThreeGets() throws IOException {
    ObjectLocation location = ObjectLocation.parse("s3://bucket/dir/with space/k=v/large.bin");
    byte[] bytes = random(20 * MIB + 5);
    Path unpinned = StorePath.unpinned(location).toPath();
    FileSystem fs = unpinned.getFileSystem(configuration);
    store.put(location, ObjectContent.of(bytes));
    ObjectStat stat = store.stat(location).orElseThrow();
    Path pinned = StorePath.pinned(location, stat).toPath();
    RequestCounts before = RequestMeter.PROCESS.counts();

    try (FSDataInputStream footer = fs.open(pinned)) {
      read(footer, bytes, bytes.length - 8, 8);
    }
    try (FSDataInputStream in = fs.open(pinned)) {
      read(in, bytes, bytes.length - 1000, 1000);
      read(in, bytes, 4, 3 * MIB);
      read(in, bytes, 12 * MIB, MIB);
    }

    RequestCounts sent = RequestMeter.PROCESS.counts().minus(before);
    assertThat(stat.lengthBytes()).isEqualTo(bytes.length);
    assertThat(sent.get()).isEqualTo(3);
    assertThat(sent.requests()).isEqualTo(3);
  }

  private static void read(FSDataInputStream in, byte[] bytes, int start, int length)
      throws IOException {
    byte[] read = new byte[length];
    in.seek(start);
    in.readFully(read);
    assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, start, start + length));
  }

  @Test
  void partlyReadObjectsReleaseTheirConnections() throws IOException {
    ObjectLocation location = ObjectLocation.parse("s3://bucket/abandoned");
    store.put(location, ObjectContent.of(random(8 * MIB)));
    Path path = StorePath.unpinned(location).toPath();

    // More than there are connections.
    for (int i = 0; i < 70; i++) {
      try (FSDataInputStream in = path.getFileSystem(configuration).open(path)) {
        assertThat(in.read()).isNotNegative();
      }
    }
  }

  @Test
  void messageForChangedObjectNamesBothEtags() throws IOException {
    ObjectLocation location = ObjectLocation.parse("s3://bucket/changing");
    String before = store.put(location, ObjectContent.ofUtf8("before"));
    Path pinned = StorePath.pinned(location, new ObjectStat(6, before)).toPath();
    String after = store.put(location, ObjectContent.ofUtf8("after!"));

    try (FSDataInputStream in = pinned.getFileSystem(configuration).open(pinned)) {
      assertThatThrownBy(in::read)
          .isInstanceOf(ObjectChanged.class)
          .hasMessage(
              "Cannot read s3://bucket/changing [0, 6): object changed since planning (etag %s, now %s). Write new keys instead of overwriting."
                  .formatted(before, after));
    }
  }
}

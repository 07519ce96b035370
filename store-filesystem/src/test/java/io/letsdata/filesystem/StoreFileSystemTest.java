// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static io.letsdata.filesystem.FileSystemFixture.at;
import static io.letsdata.filesystem.FileSystemFixture.random;
import static io.letsdata.filesystem.FileSystemFixture.unpinned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.TestIdentity;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class StoreFileSystemTest {

  private final FileSystemFixture fixture = new FileSystemFixture();

  @Test
  void hadoopFindsTheFileSystemAndKeepsTwoSessionsApart() throws IOException {
    Path path = unpinned("k");

    FileSystem first = path.getFileSystem(configuration("http://127.0.0.1:1"));
    FileSystem second = path.getFileSystem(configuration("http://127.0.0.1:2"));

    assertThat(first).isInstanceOf(StoreFileSystem.class).isNotSameAs(second);
    assertThatThrownBy(() -> second.getFileStatus(path)).hasMessageContaining("127.0.0.1:2");
  }

  private static Configuration configuration(String endpoint) {
    Configuration configuration = new Configuration();
    StoreFileSystem.properties(TestIdentity.settings(URI.create(endpoint)))
        .forEach(configuration::set);
    return configuration;
  }

  @Test
  void statusOfPinnedPathNeedsNoRequest() throws IOException {
    Path path = fixture.stored("dir/k", random(10));

    FileStatus status = fixture.fs.getFileStatus(path);

    assertThat(status.getLen()).isEqualTo(10);
    assertThat(status.isFile()).isTrue();
    assertThat(status.getPath()).isEqualTo(path);
    assertThat(fixture.requests.log()).isEmpty();
  }

  @Test
  void statusOfUnpinnedPathIsOneHead() throws IOException {
    fixture.stored("k", random(10));

    FileStatus status = fixture.fs.getFileStatus(unpinned("k"));

    assertThat(status.getLen()).isEqualTo(10);
    assertThat(((EtagSource) status).getEtag())
        .isEqualTo(fixture.memory.stat(at("k")).orElseThrow().etag());
    assertThat(fixture.requests.log()).containsExactly("HEAD s3://b/k");
  }

  @Test
  void prefixesOfObjectsAreDirectories() throws IOException {
    fixture.stored("dir/k", random(10));

    assertThat(fixture.fs.getFileStatus(unpinned("dir")).isDirectory()).isTrue();
    assertThat(fixture.fs.getFileStatus(unpinned("")).isDirectory()).isTrue();
    assertThatThrownBy(() -> fixture.fs.getFileStatus(unpinned("di")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("s3://b/di");
  }

  @Test
  void listingHasPinnedObjectsAndEachSubPrefixOnce() throws IOException {
    List<Path> expected = new ArrayList<>();
    expected.add(unpinned("dir/a"));
    for (int i = 0; i < 2500; i++) {
      fixture.stored("dir/a/%05d".formatted(i), new byte[0]);
    }
    expected.add(fixture.stored("dir/b", random(3)));
    fixture.stored("dir/c/d/e", random(4));
    expected.add(unpinned("dir/c"));
    fixture.stored("dirty", random(5));

    FileStatus[] children = fixture.fs.listStatus(unpinned("dir"));

    assertThat(Arrays.stream(children).map(FileStatus::getPath)).isEqualTo(expected);
    assertThat(fixture.requests.log()).hasSize(2);
  }

  @Test
  void listingOfAnObjectIsTheObjectAndOfNoObjectIsAnError() throws IOException {
    fixture.stored("k", random(3));

    assertThat(fixture.fs.listStatus(unpinned("k"))).hasSize(1);
    assertThatThrownBy(() -> fixture.fs.listStatus(unpinned("missing")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void blocksHaveNoHosts() throws IOException {
    FileStatus status = fixture.fs.getFileStatus(fixture.stored("k", random(10)));

    assertThat(fixture.fs.getFileBlockLocations(status, 0, 10))
        .singleElement()
        .satisfies(block -> assertThat(block.getHosts()).isEmpty());
  }

  @Test
  void objectIsDeletedWithOneRequest() throws IOException {
    Path path = fixture.stored("k", random(3));

    assertThat(fixture.fs.delete(path, false)).isTrue();

    assertThat(fixture.memory.keys("b")).isEmpty();
    assertThat(fixture.requests.log()).containsExactly("DELETE 1 objects");
  }

  @Test
  void operationsThatObjectsDoNotSupportAreRejected() throws IOException {
    fixture.stored("dir/k", random(3));

    assertThatThrownBy(() -> fixture.fs.rename(unpinned("dir/k"), unpinned("z")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Cannot rename s3://b/dir/k to s3://b/z: objects have no rename. Write to the final key.");
    assertThatThrownBy(() -> fixture.fs.append(unpinned("dir/k")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> fixture.fs.delete(unpinned("dir"), true))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> fixture.fs.create(unpinned("new")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Cannot create s3://b/new: this file system is for reading. Write with format(\"letsdata-s3\").");
    assertThatThrownBy(() -> fixture.fs.open(unpinned("dir/")))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(fixture.fs.mkdirs(unpinned("new"))).isTrue();
    assertThat(fixture.memory.keys("b")).containsExactly("dir/k");
  }
}

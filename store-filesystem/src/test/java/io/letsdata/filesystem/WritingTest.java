// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static io.letsdata.filesystem.Fixture.at;
import static io.letsdata.filesystem.Fixture.random;
import static io.letsdata.filesystem.Fixture.unpinned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritingTest {

  private static final int PART = StoreOutputStream.PART_BYTES;

  private final Fixture fixture = new Fixture();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, 8 * 1024 * 1024})
  void whatFitsAPartIsOnePut(int lengthBytes) throws IOException {
    byte[] bytes = random(lengthBytes);

    try (FSDataOutputStream out = fixture.fs.create(unpinned("k"))) {
      out.write(bytes);
    }

    assertThat(fixture.memory.read(at("k"))).isEqualTo(bytes);
    assertThat(fixture.requests.log()).containsExactly("PUT s3://b/k");
  }

  @Test
  void whatDoesNotFitAPartIsAnUploadInParts() throws IOException {
    byte[] bytes = random(2 * PART + 1);

    try (FSDataOutputStream out = fixture.fs.create(unpinned("k"))) {
      for (int start = 0; start < bytes.length; start += 999_999) {
        out.write(bytes, start, Math.min(999_999, bytes.length - start));
      }
    }

    assertThat(fixture.memory.read(at("k"))).isEqualTo(bytes);
    assertThat(fixture.requests.counts().put()).isEqualTo(3);
    assertThat(fixture.requests.counts().post()).isEqualTo(2);
  }

  @Test
  void singleBytesAreWritten() throws IOException {
    try (FSDataOutputStream out = fixture.fs.create(unpinned("k"))) {
      for (int i = 0; i < 300; i++) {
        out.write(i);
      }
      assertThat(out.getPos()).isEqualTo(300);
    }

    assertThat(fixture.memory.read(at("k"))).hasSize(300).endsWith((byte) 43);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2 * PART + 1})
  void nothingIsVisibleBeforeClose(int lengthBytes) throws IOException {
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));
    out.write(random(lengthBytes));
    out.hflush();

    assertThat(fixture.memory.keys("b")).isEmpty();
    out.close();
    assertThat(fixture.memory.keys("b")).containsExactly("k");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2 * PART + 1})
  void anAbortedStreamPublishesNothingAndLeavesNoUpload(int lengthBytes) throws IOException {
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));
    out.write(random(lengthBytes));

    out.abort();
    out.close();

    assertThat(fixture.memory.keys("b")).isEmpty();
    assertThat(fixture.memory.pendingUploads()).isZero();
  }

  @Test
  void anAbortAfterCloseComesTooLateAndSaysSo() throws IOException {
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));
    out.close();

    assertThat(out.abort().alreadyClosed()).isTrue();
    assertThat(fixture.memory.keys("b")).containsExactly("k");
  }

  @Test
  void aFailedPartIsNeverFollowedByAPublishedObject() throws IOException {
    fixture.faulty.inject(StoreOperation.UPLOAD_PART, "k", 1, new Fault.Unavailable());
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));

    assertThatThrownBy(() -> out.write(random(2 * PART))).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(out::close)
        .hasMessage("Cannot write s3://b/k: a write before had failed. Nothing was published.");

    assertThat(fixture.memory.keys("b")).isEmpty();
    assertThat(fixture.memory.pendingUploads()).isZero();
  }

  @Test
  void aFailedCompletionLeavesNoUpload() throws IOException {
    fixture.faulty.inject(StoreOperation.COMPLETE_MULTIPART, "k", 1, new Fault.Unavailable());
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));
    out.write(random(PART + 1));

    assertThatThrownBy(out::close).isInstanceOf(StoreUnavailable.class);

    assertThat(fixture.memory.keys("b")).isEmpty();
    assertThat(fixture.memory.pendingUploads()).isZero();
  }

  @Test
  void aCompletionWhoseAnswerIsLostIsNotUndone() throws IOException {
    fixture.faulty.inject(StoreOperation.COMPLETE_MULTIPART, "k", 1, new Fault.LoseAnswer());
    FSDataOutputStream out = fixture.fs.create(unpinned("k"));
    out.write(random(PART + 1));

    assertThatThrownBy(out::close).hasMessageContaining("unknown");

    assertThat(fixture.memory.keys("b")).containsExactly("k");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2 * PART + 1})
  void anExistingObjectIsKeptUnlessItMayBeReplaced(int lengthBytes) throws IOException {
    fixture.memory.put(at("k"), ObjectContent.ofUtf8("first"));
    FSDataOutputStream careful = fixture.fs.create(unpinned("k"), false);
    careful.write(random(lengthBytes));

    assertThatThrownBy(careful::close).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(fixture.memory.readUtf8(at("k"))).isEqualTo("first");
    assertThat(fixture.memory.pendingUploads()).isZero();

    fixture.fs.create(unpinned("k"), true).close();
    assertThat(fixture.memory.read(at("k"))).isEmpty();
  }
}

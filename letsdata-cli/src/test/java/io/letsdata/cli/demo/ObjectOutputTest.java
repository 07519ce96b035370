package io.letsdata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ObjectLocation;
import java.util.Random;
import org.junit.jupiter.api.Test;


class ObjectOutputTest {
  private static final ObjectLocation LOCATION = new ObjectLocation("b", "k");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final CountingObjectStore store = new CountingObjectStore(memory);

  @Test
  void whatFitsIntoOnePartIsOnePut() throws Exception {
    try (ObjectOutput out = new ObjectOutput(store, LOCATION)) {
      out.write(1);
      out.write(new byte[] {2, 3});
      String etag = out.publish();

      assertThat(store.counts().requests()).isEqualTo(1);
      assertThat(memory.stat(LOCATION).orElseThrow().etag()).isEqualTo(etag);
    }

    assertThat(memory.read(LOCATION)).containsExactly(1, 2, 3);
  }

  @Test
  void moreThanOnePartIsAMultipartUpload() throws Exception {
    byte[] bytes = new byte[2 * ObjectOutput.PART_BYTES + 7];
    new Random(5).nextBytes(bytes);

    try (ObjectOutput out = new ObjectOutput(store, LOCATION)) {
      out.write(bytes);
      out.publish();
    }

    assertThat(memory.read(LOCATION)).isEqualTo(bytes);
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void closingWithoutPublishingLeavesNothing() throws Exception {
    try (ObjectOutput out = new ObjectOutput(store, LOCATION)) {
      out.write(new byte[ObjectOutput.PART_BYTES + 1]);
    }

    assertThat(memory.keys("b")).isEmpty();
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void nothingWrittenIsAnEmptyObject() throws Exception {
    try (ObjectOutput out = new ObjectOutput(store, LOCATION)) {
      out.publish();
    }

    assertThat(memory.read(LOCATION)).isEmpty();
  }
}

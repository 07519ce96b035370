// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.CountingObjectStore;
import io.letsdata.fixtures.store.Fault;
import io.letsdata.fixtures.store.FaultyObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.fixtures.store.StoreOperation;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObjectStreamTest {
  private static final ObjectLocation LOCATION = new ObjectLocation("bucket", "k");

  private final CountingObjectStore counting =
      new CountingObjectStore(new InMemoryObjectStore("bucket"));
  private final FaultyObjectStore store = new FaultyObjectStore(counting);

  @Test
  void wholeObjectIsOneGet() throws Exception {
    byte[] bytes = put(100_000);

    assertThat(read(Optional.empty())).isEqualTo(bytes);
    assertThat(counting.counts().get()).isEqualTo(1);
    assertThat(counting.counts().head()).isZero();
  }

  @Test
  void continuesWhereABodyBrokeOff() throws Exception {
    byte[] bytes = put(100_000);
    store.inject(StoreOperation.OPEN, "k", 1, new Fault.CutBody(0));
    store.inject(StoreOperation.OPEN, "k", 1, new Fault.CutBody(10));
    store.inject(StoreOperation.OPEN, "k", 1, new Fault.CutBody(50_000));

    assertThat(read(Optional.empty())).isEqualTo(bytes);
    assertThat(store.allInjected()).isTrue();
    assertThat(counting.counts().get()).isEqualTo(4);
  }

  @Test
  void failsWhenNoByteArrives() throws Exception {
    put(100);
    store.inject(StoreOperation.OPEN, "k", 3, new Fault.CutBody(0));

    assertThatThrownBy(() -> read(Optional.empty())).isInstanceOf(BodyTruncated.class);
  }

  @Test
  void continuesWithTheSameVersionOnly() throws Exception {
    put(100);
    store.inject(StoreOperation.OPEN, "k", 1, new Fault.CutBody(10));

    try (ObjectStream stream = new ObjectStream(store, LOCATION, Optional.empty())) {
      assertThat(stream.readNBytes(10)).hasSize(10);
      put(200);

      assertThatThrownBy(stream::readAllBytes).isInstanceOf(ObjectChanged.class);
    }
  }

  @Test
  void refusesAnotherVersionThanThePinnedOne() throws Exception {
    put(100);

    assertThatThrownBy(() -> read(Optional.of("another"))).isInstanceOf(ObjectChanged.class);
  }

  @Test
  void emptyObjectIsAnEmptyStream() throws Exception {
    put(0);

    assertThat(read(Optional.empty())).isEmpty();
  }

  private byte[] put(int lengthBytes) throws IOException {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    store.put(LOCATION, ObjectContent.of(bytes));
    return bytes;
  }

  private byte[] read(Optional<String> etag) throws IOException {
    try (ObjectStream stream = new ObjectStream(store, LOCATION, etag)) {
      return stream.readAllBytes();
    }
  }
}

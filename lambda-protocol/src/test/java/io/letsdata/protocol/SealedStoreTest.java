// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedStoreTest {
  private static final ObjectLocation HERE = ObjectLocation.parse("s3://b/runs/app/conf.json");
  private static final ObjectLocation THERE = ObjectLocation.parse("s3://b/runs/app/result/1");

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final SealedStore sealed = new SealedStore(store, RunKey.random());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 100_000})
  void contentIsReadBack(int bytes) throws IOException {
    byte[] content = content(bytes);

    String unused = sealed.put(HERE, ObjectContent.of(content));
    boolean first = sealed.putIfAbsent(THERE, ObjectContent.of(content));

    assertThat(first).isTrue();
    assertThat(sealed.read(HERE)).isEqualTo(content);
    assertThat(sealed.read(THERE)).isEqualTo(content);
    assertThat(store.read(HERE))
        .hasSize(bytes + SipHash.CODE_BYTES)
        .isNotEqualTo(store.read(THERE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500, 999, 1_000, 1_015})
  void objectWithAnotherByteIsRefused(int position) throws IOException {
    String unused = sealed.put(HERE, ObjectContent.of(content(1_000)));
    byte[] stored = store.read(HERE);
    stored[position] ^= 1;
    store.put(HERE, ObjectContent.of(stored));

    assertRefused(HERE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 1_000})
  void shortenedObjectIsRefused(int bytes) throws IOException {
    String unused = sealed.put(HERE, ObjectContent.of(content(1_000)));
    store.put(HERE, ObjectContent.of(Arrays.copyOf(store.read(HERE), bytes)));

    assertRefused(HERE);
  }

  @Test
  void lengthenedObjectIsRefused() throws IOException {
    String unused = sealed.put(HERE, ObjectContent.of(content(1_000)));
    store.put(HERE, ObjectContent.of(Arrays.copyOf(store.read(HERE), 1_100)));

    assertRefused(HERE);
  }

  @Test
  void objectOfAnotherPlaceIsRefused() throws IOException {
    String unused = sealed.put(THERE, ObjectContent.of(content(10)));
    store.put(HERE, ObjectContent.of(store.read(THERE)));

    assertRefused(HERE);
  }

  @Test
  void objectOfAnotherApplicationIsRefused() throws IOException {
    String unused =
        new SealedStore(store, RunKey.random()).put(HERE, ObjectContent.of(content(10)));

    assertRefused(HERE);
  }

  @Test
  void lastBytesAreGivenOnlyWhenTheObjectIsVerified() throws IOException {
    String unused = sealed.put(HERE, ObjectContent.of(content(1_000)));
    byte[] stored = store.read(HERE);
    stored[0] ^= 1;
    store.put(HERE, ObjectContent.of(stored));

    try (ObjectBody body = sealed.openAll(HERE, Optional.empty())) {
      assertThat(body.readNBytes(999)).hasSize(999);
      assertThatThrownBy(body::read).isInstanceOf(ObjectNotAuthentic.class);
    }
  }

  @Test
  void partOfAnObjectIsNotRead() {
    assertThatThrownBy(() -> sealed.read(HERE, new ByteRange(0, 5)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> sealed.openTail(HERE, 5))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keyIsInNoText() {
    RunKey key = RunKey.random();
    Session session = Session.of("app", new RunLayout(HERE), java.util.Map.of(), key);

    assertThat(session.toString()).doesNotContain(key.base64());
    assertThat(key.base64()).hasSize(24).isNotEqualTo(RunKey.random().base64());
  }

  @Test
  void locationOutsideTheRunIsRefused() throws IOException {
    RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));

    assertThat(layout.own("s3://b/runs/app/result/1")).isEqualTo(THERE);
    for (String other :
        new String[] {
          "s3://b/runs/app2/result/1", "s3://c/runs/app/result/1", "s3://b/runs/app", "/etc/passwd"
        }) {
      assertThatThrownBy(() -> layout.own(other))
          .isInstanceOf(ObjectNotAuthentic.class)
          .hasMessageContaining(other);
    }
  }

  private void assertRefused(ObjectLocation location) {
    assertThatThrownBy(() -> sealed.read(location))
        .isInstanceOf(ObjectNotAuthentic.class)
        .hasMessageContaining(location.toString())
        .hasMessageContaining("spark.letsdata.run.location");
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    return content;
  }
}

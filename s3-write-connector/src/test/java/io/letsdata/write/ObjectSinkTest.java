// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectSinkTest {
  private static final int PART = 600_000;
  private static final ObjectLocation AT = new ObjectLocation("b", "k");

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 9));
    }
    return bytes;
  }

  private WrittenObject written() throws IOException {
    ObjectStat stat = memory.stat(AT).orElseThrow();
    return new WrittenObject(AT, stat.lengthBytes(), stat.etag(), 1);
  }

  private static HookedObjectStore.Hook at(String kind, boolean takesEffect) {
    return new HookedObjectStore.Hook() {
      @Override
      public void before(int number, String request) throws IOException {
        if (request.equals(kind) && !takesEffect) {
          throw new OutcomeUnknown("planted", null);
        }
      }

      @Override
      public void after(int number, String request) throws IOException {
        if (request.equals(kind) && takesEffect) {
          throw new OutcomeUnknown("planted", null);
        }
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, PART - 1, PART})
  void objectOfAtMostOnePartIsOnePut(int length) throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write(bytes(length));
    sink.close();

    assertThat(store.requests()).containsExactly("PUT");
    assertThat(memory.read(AT)).isEqualTo(bytes(length));
    assertThat(sink.result(1)).isEqualTo(written());
  }

  @ParameterizedTest
  @ValueSource(ints = {PART + 1, 2 * PART, 2 * PART + 1, 5 * PART - 7})
  void objectOfSeveralPartsIsAnUpload(int length) throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    for (int from = 0; from < length; from += 10_007) {
      sink.write(bytes(length), from, Math.min(10_007, length - from));
    }
    sink.close();

    int parts = (length + PART - 1) / PART;
    assertThat(store.requests()).startsWith("START").endsWith("COMPLETE").hasSize(parts + 2);
    assertThat(memory.read(AT)).isEqualTo(bytes(length));
    assertThat(sink.result(1)).isEqualTo(written());
  }

  @Test
  void closingTwiceStoresOnce() throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write('a');
    sink.close();
    sink.close();

    assertThat(store.requests()).containsExactly("PUT");
  }

  @Test
  void discardedBytesLeaveNothing() throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write(bytes(2 * PART));

    sink.discard();
    sink.write("late".getBytes(StandardCharsets.UTF_8));
    sink.close();

    assertThat(memory.keys("b")).isEmpty();
    assertThat(memory.pendingUploads()).isZero();
    assertThatThrownBy(() -> sink.result(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void discardDeletesAnObjectThatWasStored() throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write('a');
    sink.close();

    sink.discard();

    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void failedPartStoresNothingWhenTheEncoderClosesItsStream() throws IOException {
    store.hook(at("PART", false));
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);

    assertThatThrownBy(() -> sink.write(bytes(2 * PART))).isInstanceOf(OutcomeUnknown.class);
    sink.close();
    assertThatThrownBy(() -> sink.result(1)).isInstanceOf(IllegalStateException.class);
    assertThat(memory.keys("b")).isEmpty();

    sink.discard();
    assertThat(memory.pendingUploads()).isZero();
  }

  @Test
  void objectOfAPutWithLostResponseIsDeleted() throws IOException {
    store.hook(at("PUT", true));
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write('a');

    assertThatThrownBy(sink::close).isInstanceOf(OutcomeUnknown.class);
    assertThat(memory.keys("b")).isEqualTo(Collections.singletonList("k"));
    sink.discard();

    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void lostResponseOfACompletionIsSettledByAHead() throws IOException {
    store.hook(at("COMPLETE", true));
    ObjectSink sink = new ObjectSink(store, AT, Layout.MANIFEST, PART);
    sink.write(bytes(PART + 1));
    sink.close();

    assertThat(store.requests()).endsWith("COMPLETE", "HEAD");
    assertThat(sink.result(1)).isEqualTo(written());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, PART, PART + 1})
  void plainLayoutUploadsAndLeavesTheCompletionToTheJob(int length) throws IOException {
    ObjectSink sink = new ObjectSink(store, AT, Layout.PLAIN, PART);
    sink.write(bytes(length));
    sink.close();

    assertThat(memory.keys("b")).isEmpty();
    PendingObject pending = (PendingObject) sink.result(1);
    assertThat(pending.lengthBytes()).isEqualTo(length);
    memory.completeMultipart(pending.upload());
    assertThat(memory.read(AT)).isEqualTo(bytes(length));
  }
}

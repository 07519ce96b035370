package io.letsdata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultyObjectStoreTest {

  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final FaultyObjectStore faulty = new FaultyObjectStore(memory);
  private final ObjectLocation location = ObjectLocation.parse("s3://b/k");
  private final ObjectContent content = ObjectContent.ofUtf8("0123456789");

  @Test
  void aBodyCutAtAnyByteIsAnErrorAndNeverAnEnd() throws IOException {
    memory.put(location, content);
    for (int bytes = 0; bytes < 10; bytes++) {
      faulty.inject(StoreOperation.OPEN, "k", 1, new Fault.CutBody(bytes));
      String expected = "Cannot read s3://b/k [0, 10): the body ended after %d of 10 bytes";

      try (ObjectBody body = faulty.openAll(location, Optional.empty())) {
        assertThatThrownBy(body::readAllBytes)
            .isInstanceOf(BodyTruncated.class)
            .hasMessageContaining(expected.formatted(bytes));
      }
    }
  }

  @Test
  void readingIntoMemoryTriesCutBodiesAgainAndInsistsOnTheFirstVersion() throws IOException {
    memory.put(location, content);
    faulty.inject(StoreOperation.OPEN, "k", 2, new Fault.CutBody(4));

    assertThat(faulty.readUtf8(location)).isEqualTo("0123456789");

    faulty.inject(StoreOperation.OPEN, "k", 3, new Fault.CutBody(4));
    assertThatThrownBy(() -> faulty.read(location, new ByteRange(1, 9)))
        .isInstanceOf(BodyTruncated.class);
  }

  @Test
  void aBodyThatRunsOverIsAnErrorToo() {
    ObjectBody body =
        new ObjectBody(
            location,
            new ByteRange(0, 9),
            new ObjectStat(9, "e"),
            new java.io.ByteArrayInputStream(new byte[10]),
            () -> {});

    assertThatThrownBy(body::readAllBytes)
        .isInstanceOf(BodyTruncated.class)
        .hasMessageContaining("longer than promised");
  }

  @Test
  void aFailureBeforeLeavesNothing() throws IOException {
    faulty.inject(StoreOperation.PUT, "", 1, new Fault.FailBefore());

    assertThatThrownBy(() -> faulty.put(location, content)).isInstanceOf(StoreUnavailable.class);

    assertThat(memory.stat(location)).isEmpty();
    assertThat(faulty.allInjected()).isTrue();
  }

  @Test
  void aLostAnswerLeavesTheObject() throws IOException {
    faulty.inject(StoreOperation.PUT_IF_ABSENT, "k", 1, new Fault.LoseAnswer());

    assertThatThrownBy(() -> faulty.putIfAbsent(location, content))
        .isInstanceOf(OutcomeUnknown.class);

    assertThat(memory.stat(location)).isPresent();
  }

  @Test
  void faultsHappenAsOftenAsOrderedAndOnlyWhereOrdered() throws IOException {
    faulty.inject(StoreOperation.STAT, "k", 2, new Fault.Unavailable());

    assertThat(faulty.stat(ObjectLocation.parse("s3://b/other"))).isEmpty();
    assertThatThrownBy(() -> faulty.stat(location)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> faulty.stat(location)).isInstanceOf(StoreUnavailable.class);
    assertThat(faulty.stat(location)).isEqualTo(Optional.empty());
  }

  @Test
  void aHeldRequestGoesOnWhenReleased() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    faulty.inject(StoreOperation.PUT, "k", 1, new Fault.HoldUntil(release));
    CompletableFuture<Void> put =
        CompletableFuture.runAsync(
            () -> {
              try {
                faulty.put(location, content);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(memory.keys("b")).isEmpty();

    release.countDown();

    put.get(5, TimeUnit.MINUTES);
    assertThat(memory.keys("b")).containsExactly("k");
  }
}

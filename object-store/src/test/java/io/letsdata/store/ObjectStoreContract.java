package io.letsdata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ObjectStore} does, as S3 does it; racing writers are {@link
 * ObjectStoreRaceContract}'s.
 */
public abstract class ObjectStoreContract extends UploadContract {
  @Test
  void storedBytesAreReadBack() throws IOException {
    byte[] bytes = random(3 * 1024 * 1024 + 7);

    store().put(at("o"), ObjectContent.of(bytes));

    assertThat(store().read(at("o"))).isEqualTo(bytes);
  }

  @Test
  void anEmptyObjectIsAnObject() throws IOException {
    store().put(at("o"), ObjectContent.of(new byte[0]));

    assertThat(store().read(at("o"))).isEmpty();
    assertThat(store().stat(at("o")).orElseThrow().lengthBytes()).isZero();
    try (ObjectBody tail = store().openTail(at("o"), 10)) {
      assertThat(tail.readAllBytes()).isEmpty();
    }
  }

  @Test
  void contentOfSeveralBuffersIsStoredInOrder() throws IOException {
    ByteBuffer skipped = ByteBuffer.wrap("xxab".getBytes(StandardCharsets.UTF_8)).position(2);
    ByteBuffer none = ByteBuffer.allocate(0);
    ByteBuffer last = ByteBuffer.wrap("cd".getBytes(StandardCharsets.UTF_8));

    store().put(at("o"), ObjectContent.of(skipped, none, last, none));

    assertThat(store().readUtf8(at("o"))).isEqualTo("abcd");
    assertThat(skipped.position()).isEqualTo(2);
  }

  @Test
  void aFileIsStored(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("f"), random(100_000));

    store().put(at("o"), ObjectContent.ofFile(file));

    assertThat(store().read(at("o"))).isEqualTo(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "plus+sign",
        "percent%20sign",
        "k=v/date=2026-01-01",
        "ünï-çödé",
        "a&b;c,d@e!$'()*",
        "~tilde"
      })
  void keysAreTakenAsTheyAre(String key) throws IOException {
    put(at(key), "text");

    assertThat(store().readUtf8(at(key))).isEqualTo("text");
    assertThat(keys(store().list(bucket(), prefix, Optional.empty(), 10)))
        .containsExactly(prefix + key);
  }

  @Test
  void statTellsLengthAndTheEtagThatPutReturned() throws IOException {
    String etag = put(at("o"), "12345");

    assertThat(store().stat(at("o"))).contains(new ObjectStat(5, etag));
    assertThat(etag).isNotEmpty().doesNotContain("\"");
  }

  @Test
  void statOfAMissingObjectIsEmpty() throws IOException {
    assertThat(store().stat(at("missing"))).isEmpty();
  }

  @Test
  void replacingAnObjectChangesItsEtag() throws IOException {
    String before = put(at("o"), "before");

    String after = put(at("o"), "after");

    assertThat(after).isNotEqualTo(before);
    assertThat(store().readUtf8(at("o"))).isEqualTo("after");
  }

  @Test
  void aRangeIsHalfOpenAndTellsTheWholeObjectsStat() throws IOException {
    String etag = put(at("o"), "0123456789");

    try (ObjectBody body = store().open(at("o"), new ByteRange(2, 5), Optional.empty())) {
      assertThat(body.stat()).isEqualTo(new ObjectStat(10, etag));
      assertThat(body.range()).isEqualTo(new ByteRange(2, 5));
      assertThat(body.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("234");
    }
  }

  @Test
  void aRangePastTheEndIsCut() throws IOException {
    put(at("o"), "0123456789");

    try (ObjectBody body = store().open(at("o"), new ByteRange(8, 1000), Optional.empty())) {
      assertThat(body.range()).isEqualTo(new ByteRange(8, 10));
      assertThat(body.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("89");
    }
  }

  @Test
  void aRangeThatBeginsAtTheEndIsRefused() throws IOException {
    put(at("o"), "0123456789");

    assertThatThrownBy(() -> store().read(at("o"), new ByteRange(10, 12)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(at("o") + " [10, 12)")
        .hasMessageContaining("ends before");
  }

  @Test
  void anEmptyRangeIsReadWithoutARequestAndNotOpened() throws IOException {
    assertThat(store().read(at("missing"), new ByteRange(3, 3))).isEmpty();
    assertThatThrownBy(() -> store().open(at("missing"), new ByteRange(3, 3), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTailIsTheEndOrAllOfAShorterObject() throws IOException {
    put(at("o"), "0123456789");

    try (ObjectBody some = store().openTail(at("o"), 3);
        ObjectBody all = store().openTail(at("o"), 1000)) {
      assertThat(some.range()).isEqualTo(new ByteRange(7, 10));
      assertThat(some.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("789");
      assertThat(all.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789");
    }
  }

  @Test
  void aPinnedReadOfTheSameVersionSucceeds() throws IOException {
    String etag = put(at("o"), "0123456789");

    try (ObjectBody whole = store().openAll(at("o"), Optional.of(etag));
        ObjectBody part = store().open(at("o"), new ByteRange(0, 1), Optional.of(etag))) {
      assertThat(whole.readAllBytes()).hasSize(10);
      assertThat(part.readAllBytes()).hasSize(1);
    }
  }

  @Test
  void aPinnedReadOfAnotherVersionIsRefusedNamingBoth() throws IOException {
    String before = put(at("o"), "before");
    String after = put(at("o"), "after.");

    assertThatThrownBy(() -> store().open(at("o"), new ByteRange(0, 3), Optional.of(before)))
        .isInstanceOf(ObjectChanged.class)
        .hasMessageContaining(
            "Cannot read %s [0, 3): object changed since planning (etag %s, now %s)"
                .formatted(at("o"), before, after));
    assertThatThrownBy(() -> store().openAll(at("o"), Optional.of(before)))
        .isInstanceOf(ObjectChanged.class);
  }

  @Test
  void readingAMissingObjectIsRefused() {
    assertThatThrownBy(() -> store().read(at("missing")))
        .isInstanceOf(ObjectNotFound.class)
        .hasMessageContaining("Cannot read " + at("missing"));
  }

  @Test
  void putIfAbsentStoresOnlyTheFirst() throws IOException {
    boolean first = store().putIfAbsent(at("o"), ObjectContent.ofUtf8("first"));
    boolean second = store().putIfAbsent(at("o"), ObjectContent.ofUtf8("second"));

    assertThat(first).isTrue();
    assertThat(second).isFalse();
    assertThat(store().readUtf8(at("o"))).isEqualTo("first");
  }

  @Test
  void aListingIsOrderedPagedAndLimitedToItsPrefix() throws IOException {
    for (String key : List.of("p/c", "p/a", "p/b/1", "p/b-2", "q/z")) {
      put(at(key), key);
    }

    ListPage first = store().list(bucket(), prefix + "p/", Optional.empty(), 3);
    ListPage second = store().list(bucket(), prefix + "p/", first.nextStartAfter(), 3);

    assertThat(keys(first)).containsExactly(prefix + "p/a", prefix + "p/b-2", prefix + "p/b/1");
    assertThat(first.nextStartAfter()).contains(prefix + "p/b/1");
    assertThat(keys(second)).containsExactly(prefix + "p/c");
    assertThat(second.nextStartAfter()).isEmpty();
  }

  @Test
  void aListingTellsLengthEtagAndTime() throws IOException {
    String etag = put(at("o"), "12345");

    assertThat(store().list(bucket(), prefix, Optional.empty(), 1).objects())
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.location()).isEqualTo(at("o"));
              assertThat(listed.stat()).isEqualTo(new ObjectStat(5, etag));
              // The store's clock is this machine's here, and S3 tells whole seconds.
              assertThat(listed.modified()).isCloseTo(Instant.now(), within(5, ChronoUnit.MINUTES));
            });
  }

  @Test
  void aListingStartsAfterAKeyThatNeedNotExist() throws IOException {
    for (String key : List.of("a", "c")) {
      put(at(key), key);
    }

    ListPage page = store().list(bucket(), prefix, Optional.of(prefix + "b"), 10);

    assertThat(keys(page)).containsExactly(prefix + "c");
  }

  @Test
  void aListingOfNothingIsEmpty() throws IOException {
    ListPage page = store().list(bucket(), prefix, Optional.empty(), 10);

    assertThat(page.objects()).isEmpty();
    assertThat(page.nextStartAfter()).isEmpty();
    assertThat(store().listAll(bucket(), prefix).hasNext()).isFalse();
  }

  @Test
  void deletedObjectsAreGoneAndMissingOnesAreFine() throws IOException {
    put(at("a"), "a");
    put(at("b"), "b");
    put(at("c"), "c");

    store().delete(List.of(at("a"), at("missing"), at("c")));

    assertThat(keys(store().list(bucket(), prefix, Optional.empty(), 10)))
        .containsExactly(prefix + "b");
    store().delete(List.of());
  }

  @Test
  void everyRequestToAMissingBucketNamesIt() {
    ObjectLocation nowhere = new ObjectLocation("no-such-bucket-here", "k");
    ObjectContent content = ObjectContent.ofUtf8("text");
    List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> requests =
        List.of(
            () -> store().stat(nowhere),
            () -> store().read(nowhere),
            () -> store().put(nowhere, content),
            () -> store().putIfAbsent(nowhere, content),
            () -> store().startMultipart(nowhere),
            () -> store().list(nowhere.bucket(), "", Optional.empty(), 1));

    for (var request : requests) {
      assertThatThrownBy(request)
          .isInstanceOf(BucketNotFound.class)
          .hasMessageContaining("bucket 'no-such-bucket-here' does not exist");
    }
  }

  @Test
  void anObjectWithoutAKeyIsRefused() {
    ObjectLocation root = ObjectLocation.parse("s3://" + bucket());

    assertThatThrownBy(() -> store().stat(root)).isInstanceOf(IllegalArgumentException.class);
  }
}

package io.letsdata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectStore} does with an object that comes in parts, as S3 does it. */
public abstract class UploadContract {
  private static final int MIN_PART_BYTES = 5 * 1024 * 1024;

  final String prefix = UUID.randomUUID() + "/";

  /** The store under test; the test does not close it. */
  protected abstract ObjectStore store();

  /** A bucket that exists. */
  protected abstract String bucket();

  ObjectLocation at(String key) {
    return new ObjectLocation(bucket(), prefix + key);
  }

  String put(ObjectLocation location, String text) throws IOException {
    return store().put(location, ObjectContent.ofUtf8(text));
  }

  @Test
  void anUploadIsInvisibleUntilCompletedAndJoinsPartsByNumber() throws IOException {
    byte[] first = random(MIN_PART_BYTES);
    MultipartUpload upload = store().startMultipart(at("o"));
    upload.uploadPart(7, ObjectContent.ofUtf8("the end"));
    upload.uploadPart(2, ObjectContent.of(first));
    assertThat(store().stat(at("o"))).isEmpty();
    assertThat(store().list(bucket(), prefix, Optional.empty(), 10).objects()).isEmpty();

    String etag = upload.complete();

    assertThat(store().stat(at("o"))).contains(new ObjectStat(MIN_PART_BYTES + 7, etag));
    assertThat(store().read(at("o"), new ByteRange(MIN_PART_BYTES - 1, MIN_PART_BYTES + 3)))
        .isEqualTo(new byte[] {first[MIN_PART_BYTES - 1], 't', 'h', 'e'});
  }

  @Test
  void aPartStoredAgainReplacesTheFirst() throws IOException {
    MultipartUpload upload = store().startMultipart(at("o"));
    upload.uploadPart(1, ObjectContent.ofUtf8("first"));
    upload.uploadPart(1, ObjectContent.ofUtf8("second"));

    upload.complete();

    assertThat(store().readUtf8(at("o"))).isEqualTo("second");
  }

  @Test
  void anUploadIsCompletedThroughItsHandle() throws IOException {
    MultipartUpload upload = store().startMultipart(at("o"));
    upload.uploadPart(1, ObjectContent.ofUtf8("text"));
    MultipartHandle handle = upload.handle();

    store().completeMultipart(handle);

    assertThat(store().readUtf8(at("o"))).isEqualTo("text");
  }

  @Test
  void completingIfAbsentNeverReplaces() throws IOException {
    MultipartUpload won = store().startMultipart(at("free"));
    won.uploadPart(1, ObjectContent.ofUtf8("mine"));
    put(at("taken"), "theirs");
    MultipartUpload lost = store().startMultipart(at("taken"));
    lost.uploadPart(1, ObjectContent.ofUtf8("mine"));

    assertThat(won.completeIfAbsent()).isTrue();
    assertThat(lost.completeIfAbsent()).isFalse();

    assertThat(store().readUtf8(at("free"))).isEqualTo("mine");
    assertThat(store().readUtf8(at("taken"))).isEqualTo("theirs");
    lost.abort();
  }

  @Test
  void anAbortedUploadCannotBeCompletedAndMayBeAbortedAgain() throws IOException {
    MultipartUpload upload = store().startMultipart(at("o"));
    upload.uploadPart(1, ObjectContent.ofUtf8("text"));

    upload.abort();

    upload.abort();
    assertThatThrownBy(upload::complete)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Cannot complete the upload to " + at("o"));
    assertThat(store().stat(at("o"))).isEmpty();
  }

  @Test
  void anUploadWithoutPartsIsNotCompleted() throws IOException {
    MultipartUpload upload = store().startMultipart(at("o"));

    assertThatThrownBy(upload::complete).isInstanceOf(IllegalArgumentException.class);
    upload.abort();
  }

  @Test
  void uploadsAreListedUntilTheyAreCompletedOrAborted() throws IOException {
    MultipartUpload completed = store().startMultipart(at("up/completed"));
    MultipartUpload aborted = store().startMultipart(at("up/aborted"));
    MultipartUpload left = store().startMultipart(at("up/left"));
    MultipartUpload elsewhere = store().startMultipart(at("other/left"));
    var unused = completed.uploadPart(1, ObjectContent.of(new byte[] {1}));

    assertThat(store().listUploads(bucket(), prefix + "up/"))
        .extracting(ListedUpload::location)
        .containsExactlyInAnyOrder(at("up/completed"), at("up/aborted"), at("up/left"));

    var unusedEtag = completed.complete();
    aborted.abort();

    assertThat(store().listUploads(bucket(), prefix + "up/"))
        .singleElement()
        .satisfies(
            upload -> {
              assertThat(upload.location()).isEqualTo(at("up/left"));
              assertThat(upload.handle().uploadId()).isEqualTo(left.handle().uploadId());
            });
    store().abortMultipart(store().listUploads(bucket(), prefix + "up/").get(0).handle());
    elsewhere.abort();
    assertThat(store().listUploads(bucket(), prefix)).isEmpty();
  }

  static List<String> keys(ListPage page) {
    List<String> keys = new ArrayList<>();
    page.objects().forEach(o -> keys.add(o.location().key()));
    return keys;
  }

  static byte[] random(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    return bytes;
  }
}

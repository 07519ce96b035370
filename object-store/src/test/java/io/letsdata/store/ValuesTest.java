// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.InvalidOptionException;
import io.letsdata.options.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"s3://b/k/l", "s3a://b/k/l", "s3n://b/k/l"})
  void everySchemeOfALocationIsReadAsS3(String text) {
    assertThat(ObjectLocation.parse(text)).isEqualTo(new ObjectLocation("b", "k/l"));
    assertThat(ObjectLocation.parse(text)).hasToString("s3://b/k/l");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "b/k", "https://b/k", "s3:/b/k", "s3:///k", "S3://b/k"})
  void textThatIsNotALocationIsRejected(String text) {
    assertThatThrownBy(() -> ObjectLocation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"s3://b,s3://b/c", "s3://b/,s3://b/c", "s3://b/p,s3://b/p/c", "s3://b/p/,s3://b/p/c"})
  void childrenAreJoinedWithOneSlash(String parent, String child) {
    assertThat(ObjectLocation.parse(parent).resolve("c")).hasToString(child);
  }

  @Test
  void settingsAreReadBackFromTheirProperties() {
    StoreSettings settings =
        new StoreSettings(
            Optional.of(URI.create("http://127.0.0.1:9000")),
            Optional.of("eu-west-1"),
            true,
            CredentialsKind.LOCAL_STACK,
            7,
            new Encryption(Encryption.Kind.SSE_KMS, Optional.of("alias/runs")),
            BucketOwners.parse("results=111122223333,444455556666"),
            Optional.of("/tmp/stack/credentials"));

    Map<String, String> properties = settings.toProperties();

    assertThat(StoreSettings.from(Options.ofSession(properties))).isEqualTo(settings);
  }

  @Test
  void withoutPropertiesTheSettingsAreThoseOfAws() {
    assertThat(StoreSettings.from(Options.ofSession(Map.of())))
        .isEqualTo(
            new StoreSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                CredentialsKind.DEFAULT,
                64,
                Encryption.OF_THE_BUCKET,
                BucketOwners.ANY,
                Optional.empty()));
  }

  @Test
  void kmsKeyWithoutKmsIsRejected() {
    assertThatThrownBy(
            () ->
                StoreSettings.from(
                    Options.ofSession(Map.of(StoreOptions.KMS_KEY.key(), "alias/without-kms"))))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for spark.letsdata.s3.kms-key: 'alias/without-kms' (must be unset unless encryption is sse-kms)");
  }

  @Test
  void localStackWithoutItsFileIsRejected() {
    assertThatThrownBy(
            () ->
                StoreSettings.from(
                    Options.ofSession(Map.of(StoreOptions.CREDENTIALS.key(), "local-stack"))))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for spark.letsdata.credentials: 'local-stack' (needs spark.letsdata.credentials-file, which the conf of the local stack has)");
  }

  @Test
  void settingsThatCodeMakesHaveTheSameRules() {
    assertThatThrownBy(
            () -> StoreSettings.localStack(URI.create("http://user:password@host"), Path.of("/f")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageStartingWith("Invalid value for spark.letsdata.s3.endpoint:");
    assertThatThrownBy(
            () ->
                new StoreSettings(
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    CredentialsKind.DEFAULT,
                    513,
                    Encryption.OF_THE_BUCKET,
                    BucketOwners.ANY,
                    Optional.empty()))
        .hasMessage(
            "Invalid value for spark.letsdata.s3.max-connections: '513' (must be between 1 and 512)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://minio:9000",
        "HTTP://10.0.0.7",
        "http://127.evil.example",
        "http://localhost.example:80"
      })
  void httpToAnotherMachineNeedsThePermissionOfTheSession(String endpoint) throws Exception {
    Map<String, String> session = Map.of(StoreOptions.ENDPOINT.key(), endpoint);

    assertThatThrownBy(() -> StoreSettings.from(Options.ofSession(session)))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for spark.letsdata.s3.endpoint: '"
                + endpoint
                + "' (must be https:// unless it is on this machine or the session sets spark.letsdata.allow-http=true)");
    assertThatThrownBy(
            () ->
                StoreSettings.from(
                    Options.ofSession(Map.of())
                        .withOptions(
                            Map.of(
                                StoreOptions.ENDPOINT.key(),
                                endpoint,
                                StoreOptions.ALLOW_HTTP.key(),
                                "true"))))
        .isInstanceOf(InvalidOptionException.class);

    StoreSettings allowed =
        StoreSettings.from(
            Options.ofSession(
                Map.of(
                    StoreOptions.ENDPOINT.key(), endpoint, StoreOptions.ALLOW_HTTP.key(), "true")));

    assertThat(allowed.endpoint()).hasValue(URI.create(endpoint));
    assertThat(StoreSettings.from(Options.ofSession(allowed.toProperties()))).isEqualTo(allowed);
    assertThat(travelled(allowed)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9000",
        "http://127.1.2.3",
        "http://LOCALHOST:1",
        "http://[::1]:9000",
        "https://minio:9000"
      })
  void httpsAndThisMachineNeedNoPermission(String endpoint) {
    StoreSettings settings =
        StoreSettings.from(Options.ofSession(Map.of(StoreOptions.ENDPOINT.key(), endpoint)));

    assertThat(settings.toProperties()).doesNotContainKey(StoreOptions.ALLOW_HTTP.key());
  }

  @Test
  void ownerOfABucketIsItsOwnOrThatOfAllOthers() {
    BucketOwners owners = BucketOwners.parse(" 111122223333 , public=444455556666");

    assertThat(owners.of("mine")).hasValue("111122223333");
    assertThat(owners.of("public")).hasValue("444455556666");
    assertThat(owners).hasToString("111122223333,public=444455556666");
    assertThat(BucketOwners.parse("b=111122223333").of("other")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "11112222333",
        "me",
        "b=",
        "111122223333,",
        "111122223333,444455556666",
        "b=111122223333,b=444455556666"
      })
  void textThatIsNoOwnerIsRejected(String text) {
    assertThatThrownBy(() -> StoreOptions.BUCKET_OWNERS.parse(text))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessage(
            "Invalid value for spark.letsdata.s3.expected-bucket-owner: '"
                + text
                + "' (must be an account of 12 digits, or bucket=account, several with commas, no bucket twice)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://AKIA:canary@bucket/key",
        "s3a://AKIA:can/ary@b/k",
        "https://u:canary@host/k"
      })
  void identityInALocationIsRejectedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> ObjectLocation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("AKIA", "canary", "can/ary");
  }

  @Test
  void settingsTravelToTasks() throws Exception {
    StoreSettings settings =
        StoreSettings.localStack(URI.create("http://127.0.0.1:9000"), Path.of("/f"));

    assertThat(travelled(settings)).isEqualTo(settings);
  }

  @Test
  void handleOfUploadSurvivesSerialization() throws Exception {
    MultipartHandle handle =
        new MultipartHandle(
            new ObjectLocation("b", "k"),
            "id",
            List.of(new PartEtag(2, "b"), new PartEtag(1, "a")));
    Object read = travelled(handle);

    assertThat(read).isEqualTo(handle);
    assertThat(handle.parts()).containsExactly(new PartEtag(1, "a"), new PartEtag(2, "b"));
  }

  @Test
  void handleWithOnePartTwiceIsRejected() {
    assertThatThrownBy(
            () ->
                new MultipartHandle(
                    new ObjectLocation("b", "k"),
                    "id",
                    List.of(new PartEtag(1, "a"), new PartEtag(1, "b"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangesAreHalfOpen() {
    assertThat(ByteRange.ofLength(4, 3)).isEqualTo(new ByteRange(4, 7)).hasToString("[4, 7)");
    assertThatThrownBy(() -> new ByteRange(5, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsAreAddedAndSubtractedFieldByField() {
    RequestCounts counts = new RequestCounts(1, 2, 3, 4, 5, 6, 7, 8, 9);

    assertThat(counts.plus(counts).minus(counts)).isEqualTo(counts);
    assertThat(counts.minus(counts)).isEqualTo(RequestCounts.ZERO);
    assertThat(counts.requests()).isEqualTo(21);
  }

  private static Object travelled(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}

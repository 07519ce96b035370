// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.Encryption;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.PartEtag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** The requests PUT and those of multipart uploads. */
final class S3Writes {

  /** The slowest uplink for which the timeout allows. */
  private static final long MIN_BYTES_PER_SECOND = 64 * 1024;

  private static final Duration BASE_TIMEOUT = Duration.ofSeconds(25);
  private static final int MAX_CALLS = 3;

  private final S3Clients clients;
  private final S3Failures failures;
  private final CertainWrite certainly;

  S3Writes(S3Clients clients, S3Failures failures) {
    this.clients = clients;
    this.failures = failures;
    this.certainly = new CertainWrite(failures, clients.meter());
  }

  /**
   * A PUT that succeeded.
   *
   * @param etag in the response to the last attempt
   * @param certain whether the object has this etag: false after several attempts when each may
   *     have given the object another one. KMS encrypts the same content differently each time, and
   *     an attempt whose response was lost may arrive after the last one
   */
  record Put(String etag, boolean certain) {}

  Put put(ObjectLocation location, ObjectContent content) throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    AwsRequestOverrideConfiguration counted =
        timeout(content.lengthBytes()).toBuilder()
            .putExecutionAttribute(MeteringInterceptor.ATTEMPTS, attempts)
            .build();
    PutObjectRequest request = putRequest(location, content).overrideConfiguration(counted).build();
    try (ReplayedContent replayed = new ReplayedContent(content)) {
      String etag = Etags.plain(clients.retrying().putObject(request, replayed.body()).eTag());
      boolean etagIsOfContent = clients.settings().encryption().kind() == Encryption.Kind.SSE_S3;
      return new Put(etag, attempts.get() <= 1 || etagIsOfContent);
    } catch (SdkException e) {
      throw failures.translate("put " + location, location.bucket(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    PutObjectRequest request = putRequest(location, content).ifNoneMatch("*").build();
    try (ReplayedContent replayed = new ReplayedContent(content)) {
      return certainly
          .send(
              "put " + location + " if absent",
              location.bucket(),
              () -> clients.once().putObject(request, replayed.body()))
          .isPresent();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private PutObjectRequest.Builder putRequest(ObjectLocation location, ObjectContent content) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(location.bucket())
            .key(location.key())
            .overrideConfiguration(timeout(content.lengthBytes()));
    encryption().ifPresent(request::serverSideEncryption);
    kmsKey(request::bucketKeyEnabled, request::ssekmsKeyId);
    return request;
  }

  /** The encryption header of new objects; empty where the bucket's default applies. */
  private Optional<ServerSideEncryption> encryption() {
    return switch (clients.settings().encryption().kind()) {
      case BUCKET -> Optional.empty();
      case SSE_S3 -> Optional.of(ServerSideEncryption.AES256);
      case SSE_KMS -> Optional.of(ServerSideEncryption.AWS_KMS);
    };
  }

  private void kmsKey(Consumer<Boolean> bucketKey, Consumer<String> keyId) {
    Encryption encryption = clients.settings().encryption();
    if (encryption.kind() == Encryption.Kind.SSE_KMS) {
      bucketKey.accept(true);
    }
    encryption.kmsKey().ifPresent(keyId);
  }

  /** The timeout of a request: a large body may take longer than the client's default. */
  private static AwsRequestOverrideConfiguration timeout(long lengthBytes) {
    Duration attempt = BASE_TIMEOUT.plusSeconds(lengthBytes / MIN_BYTES_PER_SECOND);
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(attempt)
        .apiCallTimeout(attempt.multipliedBy(MAX_CALLS))
        .build();
  }

  String startMultipart(ObjectLocation location) throws IOException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(location.bucket()).key(location.key());
    // The upload has the header; its parts must not (S3 API, UploadPart).
    encryption().ifPresent(request::serverSideEncryption);
    kmsKey(request::bucketKeyEnabled, request::ssekmsKeyId);
    try {
      return clients.retrying().createMultipartUpload(request.build()).uploadId();
    } catch (SdkException e) {
      throw failures.translate("start an upload to " + location, location.bucket(), e);
    }
  }

  PartEtag uploadPart(ObjectLocation location, String uploadId, int number, ObjectContent content)
      throws IOException {
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(location.bucket())
            .key(location.key())
            .uploadId(uploadId)
            .partNumber(number)
            .overrideConfiguration(timeout(content.lengthBytes()))
            .build();
    try (ReplayedContent replayed = new ReplayedContent(content)) {
      return new PartEtag(
          number, Etags.plain(clients.retrying().uploadPart(request, replayed.body()).eTag()));
    } catch (SdkException e) {
      throw failures.translate("store part " + number + " of " + location, location.bucket(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Completes an upload; empty when {@code ifNoneMatch} is given and an object was there first. */
  Optional<String> complete(MultipartHandle handle, Optional<String> ifNoneMatch)
      throws IOException {
    ObjectLocation location = handle.location();
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(location.bucket())
            .key(location.key())
            .uploadId(handle.uploadId())
            .multipartUpload(
                u ->
                    u.parts(
                        handle.parts().stream()
                            .map(
                                p ->
                                    CompletedPart.builder()
                                        .partNumber(p.number())
                                        .eTag(Etags.quoted(p.etag()))
                                        .build())
                            .toList()));
    ifNoneMatch.ifPresent(request::ifNoneMatch);
    return certainly
        .send(
            "complete the upload to " + location,
            location.bucket(),
            () -> clients.once().completeMultipartUpload(request.build()))
        .map(answer -> Etags.plain(answer.eTag()));
  }

  void abort(MultipartHandle handle) throws IOException {
    ObjectLocation location = handle.location();
    String action = "abort the upload to " + location;
    try {
      clients
          .retrying()
          .abortMultipartUpload(
              r -> r.bucket(location.bucket()).key(location.key()).uploadId(handle.uploadId()));
    } catch (AwsServiceException e) {
      boolean bucketMissing = S3Failures.code(e).equals("NoSuchBucket");
      if (e.statusCode() != 404 || bucketMissing) {
        throw failures.translate(action, location.bucket(), e);
      }
    } catch (SdkException e) {
      throw failures.translate(action, location.bucket(), e);
    }
  }
}

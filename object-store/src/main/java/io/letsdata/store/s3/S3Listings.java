// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.ListPage;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** The requests LIST and DELETE. */
final class S3Listings {

  /** The limit of DeleteObjects (S3 API reference). */
  private static final int MAX_DELETED_AT_ONCE = 1000;

  private final S3Clients clients;
  private final S3Failures failures;

  S3Listings(S3Clients clients, S3Failures failures) {
    this.clients = clients;
    this.failures = failures;
  }

  ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    String action = "list s3://" + bucket + "/" + prefix;
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(maxKeys);
    startAfter.ifPresent(request::startAfter);
    ListObjectsV2Response answer;
    try {
      answer = clients.retrying().listObjectsV2(request.build());
    } catch (SdkException e) {
      throw failures.translate(action, bucket, e);
    }
    List<ListedObject> objects =
        answer.contents().stream()
            .map(
                o ->
                    new ListedObject(
                        new ObjectLocation(bucket, o.key()),
                        // s3proxy lists an object without its etag while it is being stored
                        new ObjectStat(o.size(), o.eTag() == null ? "" : Etags.plain(o.eTag())),
                        o.lastModified()))
            .toList();
    boolean more = Boolean.TRUE.equals(answer.isTruncated());
    if (more && objects.isEmpty()) {
      throw new StoreException(
          "Cannot " + action + ": the store announced more objects but listed none. Try again.");
    }
    return new ListPage(
        objects,
        more ? Optional.of(objects.get(objects.size() - 1).location().key()) : Optional.empty());
  }

  List<ListedUpload> uploads(String bucket, String prefix) throws IOException {
    List<ListedUpload> uploads = new ArrayList<>();
    ListMultipartUploadsRequest.Builder request =
        ListMultipartUploadsRequest.builder().bucket(bucket).prefix(prefix);
    boolean more = true;
    while (more) {
      ListMultipartUploadsResponse answer;
      try {
        answer = clients.retrying().listMultipartUploads(request.build());
      } catch (SdkException e) {
        throw failures.translate("list uploads to s3://" + bucket + "/" + prefix, bucket, e);
      }
      for (software.amazon.awssdk.services.s3.model.MultipartUpload upload : answer.uploads()) {
        uploads.add(
            new ListedUpload(
                new ObjectLocation(bucket, upload.key()), upload.uploadId(), upload.initiated()));
      }
      more = Boolean.TRUE.equals(answer.isTruncated()) && answer.nextKeyMarker() != null;
      request.keyMarker(answer.nextKeyMarker()).uploadIdMarker(answer.nextUploadIdMarker());
    }
    return uploads;
  }

  void delete(List<ObjectLocation> locations) throws IOException {
    Map<String, List<String>> keysByBucket =
        locations.stream()
            .collect(
                Collectors.groupingBy(
                    ObjectLocation::bucket,
                    LinkedHashMap::new,
                    Collectors.mapping(ObjectLocation::key, Collectors.toList())));
    for (Map.Entry<String, List<String>> entry : keysByBucket.entrySet()) {
      List<String> keys = entry.getValue();
      for (int from = 0; from < keys.size(); from += MAX_DELETED_AT_ONCE) {
        int to = Math.min(keys.size(), from + MAX_DELETED_AT_ONCE);
        deleteBatch(entry.getKey(), keys.subList(from, to));
      }
    }
  }

  private void deleteBatch(String bucket, List<String> keys) throws IOException {
    String action = "delete %s objects from s3://%s/".formatted(keys.size(), bucket);
    List<ObjectIdentifier> identifiers =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    List<S3Error> errors;
    try {
      errors =
          clients
              .retrying()
              .deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(identifiers).quiet(true)))
              .errors();
    } catch (SdkException e) {
      throw failures.translate(action, bucket, e);
    }
    if (!errors.isEmpty()) {
      S3Error first = errors.get(0);
      throw new StoreException(
          "Cannot %s: %s remain, the first is s3://%s/%s (%s). Delete them again."
              .formatted(action, errors.size(), bucket, first.key(), first.code()));
    }
  }
}

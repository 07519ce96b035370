// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** One bucket in memory that only knows PUT. Thread-safe. */
final class MapOfObjects implements S3Client {
  private final String bucket;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  MapOfObjects(String bucket) {
    this.bucket = bucket;
  }

  byte[] object(String key) {
    return Objects.requireNonNull(objects.get(key), key);
  }

  @Override
  public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
    if (!request.bucket().equals(bucket)) {
      throw NoSuchBucketException.builder().message("no bucket " + request.bucket()).build();
    }
    try {
      byte[] bytes = body.contentStreamProvider().newStream().readAllBytes();
      objects.put(request.key(), bytes);
      return PutObjectResponse.builder().eTag("\"etag" + Arrays.hashCode(bytes) + "\"").build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String serviceName() {
    return "s3";
  }

  @Override
  public void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.BucketOwners;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Names the expected owner of the bucket in every request, also of operations that are added later.
 * The SDK signs the header, since it signs after this.
 */
final class OwnerInterceptor implements ExecutionInterceptor {
  private static final String HEADER = "x-amz-expected-bucket-owner";

  private final BucketOwners owners;

  OwnerInterceptor(BucketOwners owners) {
    this.owners = owners;
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    return context
        .request()
        .getValueForField("Bucket", String.class)
        .flatMap(owners::of)
        .map(owner -> context.httpRequest().toBuilder().putHeader(HEADER, owner).build())
        .orElseGet(context::httpRequest);
  }
}

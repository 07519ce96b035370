// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.store.RequestKind;
import io.letsdata.store.RequestMeter;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Counts each attempt when it is sent: the SDK calls {@code beforeTransmission} once for each
 * attempt, not once for each call.
 */
final class MeteringInterceptor implements ExecutionInterceptor {

  private static final ExecutionAttribute<Boolean> SENT_BEFORE =
      new ExecutionAttribute<>("io.letsdata.store.SentBefore");

  /** Counts the attempts of one request, when the request brings a counter. */
  static final ExecutionAttribute<AtomicInteger> ATTEMPTS =
      new ExecutionAttribute<>("io.letsdata.store.Attempts");

  private final RequestMeter meter;

  MeteringInterceptor(RequestMeter meter) {
    this.meter = meter;
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    RequestKind kind = RequestKind.ofOperation(operation == null ? "" : operation);
    if (attributes.getAttribute(SENT_BEFORE) != null) {
      meter.retried();
    }
    attributes.putAttribute(SENT_BEFORE, true);
    AtomicInteger attempts = attributes.getAttribute(ATTEMPTS);
    if (attempts != null) {
      attempts.incrementAndGet();
    }
    meter.sent(kind, kind == RequestKind.PUT ? bodyBytes(context) : 0);
  }

  /** The length without the framing of aws-chunked. */
  private static long bodyBytes(Context.BeforeTransmission context) {
    return context
        .httpRequest()
        .firstMatchingHeader("x-amz-decoded-content-length")
        .or(() -> context.httpRequest().firstMatchingHeader("Content-Length"))
        .map(Long::parseLong)
        .orElse(0L);
  }
}

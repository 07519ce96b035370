// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/** A request's body in one buffer; the array is not copied. Any number of subscribers. */
final class PayloadPublisher implements SdkHttpContentPublisher {
  private final byte[] payload;
  private volatile boolean sent;

  PayloadPublisher(byte[] payload) {
    this.payload = payload;
  }

  /** False until a connection has taken the body: Lambda has run nothing before that. */
  boolean isSent() {
    return sent;
  }

  @Override
  public Optional<Long> contentLength() {
    return Optional.of((long) payload.length);
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(
        new Subscription() {
          private boolean ended; // a subscription's calls come one after the other

          @Override
          public void request(long count) {
            if (ended) {
              return;
            }
            ended = true;
            if (count <= 0) {
              subscriber.onError(new IllegalArgumentException("asked for " + count));
              return;
            }
            sent = true;
            subscriber.onNext(ByteBuffer.wrap(payload));
            subscriber.onComplete();
          }

          @Override
          public void cancel() {
            ended = true;
          }
        });
  }
}

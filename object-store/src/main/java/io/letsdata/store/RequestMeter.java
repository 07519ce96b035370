// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts requests and bytes. Thread-safe.
 *
 * <p>The difference of two {@link #counts} is the requests between them, of all users of the meter.
 */
@Evolving
public final class RequestMeter {

  /**
   * The one meter of this process, used by {@code SharedStores}. It is the exception to "no static
   * state": S3 clients and Hadoop's file system cache are process-wide too, and a worker process
   * runs one task at a time.
   */
  public static final RequestMeter PROCESS = new RequestMeter();

  private final Map<RequestKind, LongAdder> requests = new EnumMap<>(RequestKind.class);
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder retries = new LongAdder();

  public RequestMeter() {
    for (RequestKind kind : RequestKind.values()) {
      requests.put(kind, new LongAdder());
    }
  }

  /** Counts one request that was sent, with a body of {@code bodyBytes}. */
  public void sent(RequestKind kind, long bodyBytes) {
    adder(kind).increment();
    bytesOut.add(bodyBytes);
  }

  /** Counts a retry: the next request repeats an earlier one. */
  public void retried() {
    retries.increment();
  }

  /** Counts bytes that were read from a body. */
  public void received(long bodyBytes) {
    bytesIn.add(bodyBytes);
  }

  /** The requests until now. A request in flight may be included or not. */
  public RequestCounts counts() {
    return new RequestCounts(
        adder(RequestKind.PUT).sum(),
        adder(RequestKind.GET).sum(),
        adder(RequestKind.HEAD).sum(),
        adder(RequestKind.LIST).sum(),
        adder(RequestKind.DELETE).sum(),
        adder(RequestKind.POST).sum(),
        bytesIn.sum(),
        bytesOut.sum(),
        retries.sum());
  }

  private LongAdder adder(RequestKind kind) {
    return java.util.Objects.requireNonNull(requests.get(kind));
  }
}

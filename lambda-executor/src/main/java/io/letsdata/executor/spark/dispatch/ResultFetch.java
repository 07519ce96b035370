// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import io.letsdata.executor.spark.publish.ResultBytes;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the result of one task that is an object, unless its stage would have too many bytes of
 * results then: the length is known before the body arrives. One GET. For one thread.
 */
final class ResultFetch extends ForwardingObjectStore {
  private final ObjectStore store;
  private final ResultBytes results;
  private boolean added;

  /** Too many bytes of results; nothing was read. */
  static final class TooManyBytes extends IOException {
    private static final long serialVersionUID = 1;

    TooManyBytes(String message) {
      super(message);
    }
  }

  ResultFetch(ObjectStore store, ResultBytes results) {
    this.store = store;
    this.results = results;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  /**
   * @throws TooManyBytes when the result must not be read
   */
  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    ObjectBody body = store.openAll(location, etag);
    if (!added) { // not when the body broke off and is read again
      added = true;
      Optional<String> refusal = results.add(body.range().lengthBytes());
      if (refusal.isPresent()) {
        body.close();
        throw new TooManyBytes(refusal.get());
      }
    }
    return body;
  }
}

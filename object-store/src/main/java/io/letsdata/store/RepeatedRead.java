// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import java.io.IOException;
import java.util.Optional;

/**
 * Reads a body into memory, and reads it again when it breaks off: the SDK's retries end where the
 * body begins. Every repetition requires the version of the first response.
 */
final class RepeatedRead {

  private static final int MAX_ATTEMPTS = 3;

  private RepeatedRead() {}

  /** One GET, as a function of the required etag. */
  interface Opening {
    ObjectBody open(Optional<String> etag) throws IOException;
  }

  static byte[] bytes(Opening opening) throws IOException {
    Optional<String> etag = Optional.empty();
    for (int attempt = 1; ; attempt++) {
      try (ObjectBody body = opening.open(etag)) {
        etag = Optional.of(body.stat().etag());
        return body.readAllBytes();
      } catch (BodyTruncated e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}

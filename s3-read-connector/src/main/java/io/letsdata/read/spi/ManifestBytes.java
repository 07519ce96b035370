// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.options.Internal;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** The bytes of a manifest on S3. Stateless. */
@Internal
public final class ManifestBytes {
  private static final int MAX_ATTEMPTS = 3;

  private ManifestBytes() {}

  /**
   * Reads a manifest into memory. One GET; up to three when bodies break off.
   *
   * @throws ManifestException when it is larger than {@link Manifests#MAX_BYTES}; of such an object
   *     only the length is read
   */
  public static byte[] read(ObjectStore store, ObjectLocation location) throws IOException {
    Optional<String> etag = Optional.empty();
    for (int attempt = 1; ; attempt++) {
      try (ObjectBody body = store.openAll(location, etag)) {
        Manifests.requireSize(body.stat().lengthBytes(), location.toString());
        etag = Optional.of(body.stat().etag());
        return body.readNBytes((int) body.stat().lengthBytes());
      } catch (BodyTruncated e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}

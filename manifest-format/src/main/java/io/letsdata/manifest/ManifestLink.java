// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.Optional;

/**
 * LetsData's {@code S3ReaderS3LinkManifestFile}: a link to another manifest. The caller reads
 * {@code location} and parses it with {@link Manifests#parseLinked}; a link to a link is an error.
 *
 * @param location {@code s3://bucket/key} of the list
 * @param defaultBucket bucket of bare keys in that list, when the dataset JSON names one
 */
@Internal
public record ManifestLink(String location, Optional<String> defaultBucket)
    implements ManifestDocument {
  public ManifestLink {
    Locations.requireLocation(location);
  }
}

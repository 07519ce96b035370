// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests and dataset JSON as records.
 *
 * <p>Classes in reading order: {@link OutputLayout}, {@link Locations}, {@link ObjectFormat},
 * {@link LetsDataReader}, {@link SnapshotReader}, {@link JsonKinds}, {@link ManifestDocument},
 * {@link ObjectList}, {@link ManifestEntry}, {@link ColumnStats}, {@link ListLine}, {@link
 * ManifestException}, {@link SnapshotWriter}, {@link Snapshot}, {@link ListReader}, {@link
 * ManifestLink}.
 */
@NullMarked
package io.letsdata.manifest;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;

/**
 * What the bytes of a manifest turned out to be (SPEC.md, "Kinds"). Pattern-match over the three
 * cases; all are immutable.
 *
 * @see Manifests#parse(byte[], String)
 */
@Internal
public sealed interface ManifestDocument permits Snapshot, ObjectList, ManifestLink {}

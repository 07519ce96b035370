// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;

/**
 * A parsed manifest of one of three kinds (SPEC.md, "Kinds"). All are immutable.
 *
 * @see Manifests#parse(byte[], String)
 */
@Internal
public sealed interface ManifestDocument permits Snapshot, ObjectList, ManifestLink {}

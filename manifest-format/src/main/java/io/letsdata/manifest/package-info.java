// SPDX-License-Identifier: Apache-2.0
/** Manifests and dataset JSON as records. */
@NullMarked
package io.letsdata.manifest;

import org.jspecify.annotations.NullMarked;

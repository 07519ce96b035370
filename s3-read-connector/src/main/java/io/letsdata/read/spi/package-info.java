// SPDX-License-Identifier: Apache-2.0
/**
 * The door for the write connector: its interface, its request and the log of manifests.
 *
 * <p>Classes in reading order: {@link ManifestLog}, {@link LatestManifest}, {@link
 * TableWriteSupport}, {@link WriteRequest}, {@link ConnectorOptions}.
 */
@NullMarked
package io.letsdata.read.spi;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The part of the read connector that the write connector may use, and its options.
 *
 * <p>Reading order: {@link io.letsdata.read.spi.ConnectorOptions}; {@link
 * io.letsdata.read.spi.TableWriteSupport} (the write connector implements it) with {@link
 * io.letsdata.read.spi.WriteRequest}; {@link io.letsdata.read.spi.ManifestLog} (the published
 * versions of an output) with {@link io.letsdata.read.spi.VersionKeys}, {@link
 * io.letsdata.read.spi.PartIterator} and {@link io.letsdata.read.spi.ManifestBytes}; {@link
 * io.letsdata.read.spi.VersionHold}; {@link io.letsdata.read.spi.StoredSchema}; {@link
 * io.letsdata.read.spi.Sessions}; {@link io.letsdata.read.spi.ScalaMaps}.
 */
@NullMarked
package io.letsdata.read.spi;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The values of an output's version (SPEC.md, "Output manifest"): who committed it, and how its
 * files are held in parts. Pure; they use the JDK only.
 *
 * <p>Reading order: {@link io.letsdata.manifest.version.Lineage} with its {@link
 * io.letsdata.manifest.version.OperationKind}, {@link io.letsdata.manifest.version.Application},
 * {@link io.letsdata.manifest.version.StreamEpoch}, {@link io.letsdata.manifest.version.Change} and
 * {@link io.letsdata.manifest.version.VersionState}; {@link io.letsdata.manifest.version.Replays},
 * by which a repeated commit is recognized; {@link io.letsdata.manifest.version.Partition} of a
 * file; {@link io.letsdata.manifest.version.TableState}; {@link
 * io.letsdata.manifest.version.PartRef}, a part of the list of files, with {@link
 * io.letsdata.manifest.version.PartitionRange} and {@link
 * io.letsdata.manifest.version.ColumnRange}.
 */
@NullMarked
package io.letsdata.manifest.version;

import org.jspecify.annotations.NullMarked;

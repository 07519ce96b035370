// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests as values (SPEC.md): parsed from bytes and written to bytes. No store, no Spark.
 *
 * <p>Reading order: {@link io.letsdata.manifest.Manifests} (bytes to a document, a snapshot to
 * bytes); the three kinds of a {@link io.letsdata.manifest.ManifestDocument}, {@link
 * io.letsdata.manifest.Snapshot}, {@link io.letsdata.manifest.ObjectList} with {@link
 * io.letsdata.manifest.ListLine}, {@link io.letsdata.manifest.ManifestLink}; their parts, {@link
 * io.letsdata.manifest.ManifestEntry}, {@link io.letsdata.manifest.ColumnStats}, {@link
 * io.letsdata.manifest.ObjectFormat}, {@link io.letsdata.manifest.Layout}, {@link
 * io.letsdata.manifest.Locations}; what a manifest may state, {@link
 * io.letsdata.manifest.ReaderOptions}, {@link io.letsdata.manifest.SchemaText}; the keys of an
 * output, {@link io.letsdata.manifest.OutputLayout}; the parsers, {@link
 * io.letsdata.manifest.ObjectListReader}, {@link io.letsdata.manifest.JsonManifestReader}, {@link
 * io.letsdata.manifest.SnapshotReader} with {@link io.letsdata.manifest.EntryReader}, {@link
 * io.letsdata.manifest.DatasetJsonReader}; {@link io.letsdata.manifest.SnapshotWriter} with {@link
 * io.letsdata.manifest.EntryWriter}; {@link io.letsdata.manifest.Parts} of the list of files of an
 * output; {@link io.letsdata.manifest.ManifestException}.
 */
@NullMarked
package io.letsdata.manifest;

import org.jspecify.annotations.NullMarked;

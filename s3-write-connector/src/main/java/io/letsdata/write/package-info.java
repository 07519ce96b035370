// SPDX-License-Identifier: Apache-2.0
/**
 * The letsdata-s3 data source, write side.
 *
 * <p>Classes in reading order: {@link ConnectorWriteSupport}, {@link WritePlan}, {@link
 * ManifestCommitter}, {@link NextManifest}, {@link AppendRule}, {@link JobOutput}, {@link
 * WriteMode}, {@link CommitRefused}, {@link Head}, {@link ManifestPublisher}, {@link
 * CommitOutcomeUnknown}, {@link Pause}, {@link PlainPublication}, {@link PlainCompletion}, {@link
 * PendingCommit}, {@link PendingObject}, {@link TaskObject}, {@link WrittenObject}, {@link
 * JobObjects}, {@link TaskOutput}, {@link ObjectNames}, {@link Layout}, {@link Publication}, {@link
 * ManifestPublication}, {@link OutputRecovery}, {@link SchemaRule}, {@link JobCommit}, {@link
 * Discards}, {@link OutputBatchWrite}, {@link ObjectWriterFactory}, {@link ObjectWriter}, {@link
 * Sink}, {@link PartBuffer}, {@link WriteOptions}, {@link OutputWriteBuilder}, {@link
 * OutputCleanup}.
 */
@NullMarked
package io.letsdata.write;

import org.jspecify.annotations.NullMarked;

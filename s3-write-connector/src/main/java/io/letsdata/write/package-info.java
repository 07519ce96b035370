// SPDX-License-Identifier: Apache-2.0
/**
 * The write side of the data source {@code letsdata-s3} (SPEC.md): tasks store objects, the driver
 * publishes them with one conditional PUT of a manifest version.
 *
 * <p>The classes in reading order:
 *
 * <ol>
 *   <li>Plan: {@link io.letsdata.write.ConnectorWriteSupport} (Spark's entrance), {@link
 *       io.letsdata.write.OutputWriteBuilder}, {@link io.letsdata.write.WritePlan}, {@link
 *       io.letsdata.write.WriteOptions}, {@link io.letsdata.write.WriteMode}.
 *   <li>Object, in a task: {@link io.letsdata.write.ObjectWriterFactory}, {@link
 *       io.letsdata.write.ObjectNames}, {@link io.letsdata.write.ObjectWriter}, {@link
 *       io.letsdata.write.ObjectSink}, {@link io.letsdata.write.PartBuffer}; the results are a
 *       {@link io.letsdata.write.TaskObject}, {@link io.letsdata.write.WrittenObject} or {@link
 *       io.letsdata.write.PendingObject} with its {@link
 *       io.letsdata.write.FileFacts}, in a {@link io.letsdata.write.TaskOutput}.
 *   <li>Job, on the driver: {@link io.letsdata.write.OutputBatchWrite}, {@link
 *       io.letsdata.write.JobObjects}, {@link
 *       io.letsdata.write.JobMark}, {@link io.letsdata.write.JobCommit}, {@link
 *       io.letsdata.write.ObjectDiscard}, and how objects become visible, {@link
 *       io.letsdata.write.Publication}.
 *   <li>Manifest: {@link io.letsdata.write.ManifestPublication}, {@link
 *       io.letsdata.write.ManifestCommitter}, {@link io.letsdata.write.BaseVersion}, {@link
 *       io.letsdata.write.NextManifest}, {@link io.letsdata.write.FileLists}, {@link
 *       io.letsdata.write.Conflicts}, {@link
 *       io.letsdata.write.SchemaRule} with {@link io.letsdata.write.OptionMeaning}, {@link
 *       io.letsdata.write.ManifestPublisher}, {@link io.letsdata.write.RetryPause}, {@link
 *       io.letsdata.write.CommitRefused}, {@link io.letsdata.write.CommitOutcomeUnknown}.
 *   <li>Plain layout: {@link io.letsdata.write.PlainPublication}, {@link
 *       io.letsdata.write.PendingCommit}, {@link
 *       io.letsdata.write.RecordedCommit}, {@link io.letsdata.write.UnusableRecord}, {@link
 *       io.letsdata.write.PlainCompletion}.
 *   <li>Recovery and clean-up: {@link io.letsdata.write.OutputRecovery}, {@link
 *       io.letsdata.write.OutputCleanup} with {@link io.letsdata.write.RunningJobs}.
 *   <li>Versions, for the command {@code letsdata output} and for tables: {@link
 *       io.letsdata.write.OutputCommits}, {@link io.letsdata.write.OutputHistory}, {@link
 *       io.letsdata.write.OutputExpiry}, {@link io.letsdata.write.OutputCheck}, {@link
 *       io.letsdata.write.CompactionPlan}; lists for other systems, {@link
 *       io.letsdata.write.ForeignManifests}.
 * </ol>
 *
 * <p>They are one package of more than 25 classes because they are one protocol: nearly all are
 * package-private, and each step uses the values of the steps before.
 */
@NullMarked
package io.letsdata.write;

import org.jspecify.annotations.NullMarked;

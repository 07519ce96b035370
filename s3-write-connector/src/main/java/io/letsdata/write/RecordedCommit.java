// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Partition;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.TableState;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import io.letsdata.write.commit.PartitionFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operation, origin and table state of a job in its recovery record: plain values that become JSON.
 *
 * @param operation name, of those that a plain commit can have
 * @param keepsEarlier of {@code create}
 * @param partitions that an operation on partitions replaces: null for those of the job's files
 * @param replaced locations that a compaction replaces
 * @param application id and name
 * @param commitId of the user
 * @param query of a stream
 * @param epoch of the query
 */
record RecordedCommit(
    String operation,
    boolean keepsEarlier,
    @Nullable List<Partition> partitions,
    @Nullable List<String> replaced,
    List<String> application,
    @Nullable String commitId,
    @Nullable String query,
    long epoch,
    List<String> partitionBy,
    Map<String, String> properties) {

  /**
   * The record of a job. A filter is recorded as the partitions of {@code base} that it chooses.
   */
  static RecordedCommit of(CommitRequest job, Set<Partition> partitionsOfBase) {
    Operation operation = job.operation();
    Optional<PartitionFilter> filter = filterOf(operation);
    return new RecordedCommit(
        operation.kind().text(),
        operation instanceof Operation.Create create && create.keepsEarlier(),
        filter
            .map(chosen -> partitionsOfBase.stream().filter(chosen::matches).toList())
            .orElse(null),
        operation instanceof Operation.Compact compact ? List.copyOf(compact.replaced()) : null,
        List.of(job.origin().application().id(), job.origin().application().name()),
        job.origin().commitId().orElse(null),
        job.origin().stream().map(StreamEpoch::query).orElse(null),
        job.origin().stream().map(StreamEpoch::epoch).orElse(0L),
        job.table().partitionBy(),
        job.table().properties());
  }

  private static Optional<PartitionFilter> filterOf(Operation operation) {
    if (operation instanceof Operation.DeletePartitions delete) {
      return Optional.of(delete.filter());
    }
    return operation instanceof Operation.OverwritePartitions overwrite
        ? overwrite.filter()
        : Optional.empty();
  }

  /** The record of a job of byte format 1, which had a mode only. */
  static RecordedCommit ofMode(WriteMode mode) {
    return new RecordedCommit(
        mode.operation().kind().text(),
        mode == WriteMode.IGNORE,
        null,
        null,
        List.of("unknown", ""),
        null,
        null,
        0,
        List.of(),
        Map.of());
  }

  /**
   * The operation.
   *
   * @throws IllegalArgumentException when a plain commit cannot have it
   */
  Operation toOperation() {
    return switch (operation) {
      case "append" -> new Operation.Append();
      case "create" -> new Operation.Create(keepsEarlier);
      case "overwrite" -> new Operation.Overwrite(/* exclusive= */ false);
      case "overwrite-partitions" ->
          new Operation.OverwritePartitions(Optional.ofNullable(partitions).map(this::filter));
      case "delete-partitions" ->
          new Operation.DeletePartitions(filter(partitions == null ? List.of() : partitions));
      case "compact" ->
          new Operation.Compact(replaced == null ? Set.of() : new HashSet<>(replaced));
      default -> throw new IllegalArgumentException("its operation is '" + operation + "'");
    };
  }

  private PartitionFilter filter(List<Partition> chosen) {
    return PartitionFilter.of(new HashSet<>(chosen));
  }

  /**
   * The origin.
   *
   * @throws IllegalArgumentException when it cannot be one
   */
  CommitOrigin toOrigin() {
    if (application.size() != 2) {
      throw new IllegalArgumentException("its application has no id and name");
    }
    return new CommitOrigin(
        new Application(application.get(0), application.get(1)),
        Optional.ofNullable(commitId),
        Optional.ofNullable(query).map(id -> new StreamEpoch(id, epoch)));
  }

  TableState toTable() {
    return new TableState(partitionBy, properties);
  }
}

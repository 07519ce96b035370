// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.commit;

import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.options.Internal;
import java.util.Optional;
import java.util.Set;

/**
 * The effect of a commit on the version below it, and the commits of others with which it conflicts
 * (SPEC.md, "Conflicts"). All are immutable.
 */
@Internal
public sealed interface Operation {
  /** The name in the lineage. */
  OperationKind kind();

  /** Whether it can be committed on top of an earlier version. */
  default boolean buildsOnOthers() {
    return true;
  }

  /** Whether files of the version below may stay beside the job's: they must then fit together. */
  boolean keepsFiles();

  /** The earlier files, then the job's. Conflicts with no commit. */
  record Append() implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.APPEND;
    }

    @Override
    public boolean keepsFiles() {
      return true;
    }
  }

  /**
   * The first version.
   *
   * @param keepsEarlier whether the commit succeeds without effect when there is a version; else it
   *     is refused
   */
  record Create(boolean keepsEarlier) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.CREATE;
    }

    @Override
    public boolean buildsOnOthers() {
      return false;
    }

    @Override
    public boolean keepsFiles() {
      return false;
    }
  }

  /**
   * Only the job's files, schema, options and table state.
   *
   * @param exclusive whether a commit of another since the job began refuses it: for a job that
   *     read the output itself. Else the later overwrite wins
   */
  record Overwrite(boolean exclusive) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.OVERWRITE;
    }

    @Override
    public boolean keepsFiles() {
      return false;
    }
  }

  /**
   * The job's files replace those of some partitions. Conflicts with a commit since the job began
   * that added or removed files of these partitions.
   *
   * @param filter the partitions; empty: those of the job's files (dynamic)
   */
  record OverwritePartitions(Optional<PartitionFilter> filter) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.OVERWRITE_PARTITIONS;
    }

    @Override
    public boolean keepsFiles() {
      return true;
    }
  }

  /**
   * The files of some partitions are removed; the job has none. Conflicts as {@link
   * OverwritePartitions}.
   */
  record DeletePartitions(PartitionFilter filter) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.DELETE_PARTITIONS;
    }

    @Override
    public boolean keepsFiles() {
      return true;
    }
  }

  /**
   * The job's files replace some files and have the same rows. Conflicts with a commit that removed
   * one of them.
   *
   * @param replaced locations
   */
  record Compact(Set<String> replaced) implements Operation {
    public Compact {
      replaced = Set.copyOf(replaced);
    }

    @Override
    public OperationKind kind() {
      return OperationKind.COMPACT;
    }

    @Override
    public boolean keepsFiles() {
      return true;
    }
  }

  /**
   * The files, schema, options and table state of an earlier version. Conflicts with no commit: it
   * also takes back what was committed since.
   */
  record Rollback(Snapshot to) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.ROLLBACK;
    }

    @Override
    public boolean keepsFiles() {
      return false;
    }
  }

  /**
   * The same files, with the job's schema, options and table state. Conflicts with a commit since
   * {@code began} that changed one of these.
   */
  record Alter(Snapshot began) implements Operation {
    @Override
    public OperationKind kind() {
      return OperationKind.ALTER;
    }

    @Override
    public boolean keepsFiles() {
      return true;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ObjectStat;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** An object's status with its etag. The modification time is 0: no reader here needs it. */
final class StoreFileStatus extends FileStatus implements EtagSource {

  private static final long serialVersionUID = 1L;

  /** Objects have no blocks; this is larger than a useful split. */
  static final long BLOCK_BYTES = 128L * 1024 * 1024;

  private final String etag;

  private StoreFileStatus(Path path, long lengthBytes, String etag) {
    super(lengthBytes, false, 1, BLOCK_BYTES, 0, path);
    this.etag = etag;
  }

  static FileStatus ofObject(Path path, ObjectStat stat) {
    return new StoreFileStatus(path, stat.lengthBytes(), stat.etag());
  }

  static FileStatus ofPrefix(Path path) {
    return new FileStatus(0, true, 0, 0, 0, path);
  }

  @Override
  public String getEtag() {
    return etag;
  }

  // The contract of FileStatus: statuses are equal when their paths are.
  @Override
  public boolean equals(Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}

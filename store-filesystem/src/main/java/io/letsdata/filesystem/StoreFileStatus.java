// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ObjectStat;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * An object's status; unlike a plain one it knows the etag. S3's modification time is of no use
 * here and is 0.
 */
final class StoreFileStatus extends FileStatus implements EtagSource {

  private static final long serialVersionUID = 1L;

  /** Larger than any part or split that matters; objects have no blocks. */
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

  // Statuses of one path are equal, whatever else they know: FileStatus's contract.
  @Override
  public boolean equals(Object other) {
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}

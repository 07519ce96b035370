// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * The file system of one file: {@code create} returns the stream of the {@link StreamConf}. It
 * supports no other operation.
 */
final class StreamFileSystem extends FileSystem {
  static final String SCHEME = "letsdata-stream";

  private static final URI NAME = URI.create(SCHEME + ":///");

  private @Nullable OutputStream stream;

  StreamFileSystem() {}

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    if (!(conf instanceof StreamConf own)) {
      throw new IOException("Cannot open " + name + ": it exists only while a task writes.");
    }
    stream = own.stream();
  }

  /** Returns the stream, once. */
  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      @Nullable Progressable progress)
      throws IOException {
    OutputStream target = stream;
    if (target == null) {
      throw new IOException("Cannot create " + path + ": the stream is in use.");
    }
    stream = null;
    return new FSDataOutputStream(target, null);
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) {
    throw unsupported("open", path);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) {
    throw unsupported("append to", path);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw unsupported("rename", from);
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw unsupported("delete", path);
  }

  @Override
  public FileStatus[] listStatus(Path path) {
    throw unsupported("list", path);
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(NAME);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw unsupported("make directory", path);
  }

  @Override
  public FileStatus getFileStatus(Path path) {
    throw unsupported("stat", path);
  }

  private static UnsupportedOperationException unsupported(String operation, Path path) {
    return new UnsupportedOperationException(
        "Cannot " + operation + " " + path + ": it is a stream.");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.options.Internal;
import io.letsdata.options.Options;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * Lets Hadoop's and Spark's decoders read S3 objects, for paths that {@link StorePath} makes. It is
 * not a general file system: nothing is created or renamed, and directories are only names.
 *
 * <p>Cost: status and opening of a pinned path need no request; those of an unpinned path one HEAD,
 * and one LIST if there is no such object. {@link ReadWindow} decides the cost of reading. {@code
 * mkdirs} needs no request.
 *
 * <p>Thread-safe. Owns nothing: all file systems of a process share stores and connections ({@link
 * io.letsdata.store.s3.SharedStores}), chosen by the {@link StoreSettings} keys in the
 * configuration. Use {@link #properties} to put them there.
 */
@Internal
public final class StoreFileSystem extends FileSystem {

  private @Nullable StoreContext context;
  private @Nullable URI uri;

  /** For Hadoop. */
  public StoreFileSystem() {}

  /** For tests: over a store that the test owns and closes. */
  StoreFileSystem(StoreContext context) {
    this.context = context;
  }

  /**
   * The properties that this file system needs in a Hadoop configuration (or in Spark's data source
   * options) to reach S3. They also switch Hadoop's cache off for the scheme: its key is scheme and
   * bucket only, so one session would receive the endpoint of another.
   */
  public static Map<String, String> properties(StoreSettings settings) {
    Map<String, String> properties = new LinkedHashMap<>(settings.toProperties());
    properties.put("fs." + StorePath.SCHEME + ".impl.disable.cache", "true");
    return properties;
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    setConf(conf);
    uri = URI.create(StorePath.SCHEME + "://" + name.getAuthority());
    if (context == null) {
      context =
          StoreContext.shared(
              StoreSettings.from(Options.ofSession(key -> Optional.ofNullable(conf.get(key)))));
    }
  }

  private StoreContext context() {
    if (context == null) {
      throw new IllegalStateException("the file system is not initialized");
    }
    return context;
  }

  private ObjectStore store() {
    return context().store();
  }

  @Override
  public String getScheme() {
    return StorePath.SCHEME;
  }

  @Override
  public URI getUri() {
    if (uri == null) {
      throw new IllegalStateException("the file system is not initialized");
    }
    return uri;
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(getUri() + "/");
  }

  /** Does nothing: there are no relative paths. */
  @Override
  public void setWorkingDirectory(Path directory) {}

  private StorePath parse(Path path) {
    checkPath(path);
    return StorePath.parse(makeQualified(path));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    StorePath parsed = parse(path);
    Path qualified = makeQualified(path);
    Optional<ObjectStat> stat = parsed.pin();
    if (stat.isEmpty() && !parsed.location().key().isEmpty()) {
      stat = store().stat(parsed.location());
    }
    if (stat.isPresent()) {
      return StoreFileStatus.ofObject(qualified, stat.get());
    }
    if (new PrefixListing(store(), parsed.location()).exists()) {
      return StoreFileStatus.ofPrefix(qualified);
    }
    throw PinnedObject.notFound(parsed.location(), null);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    StorePath parsed = parse(path);
    if (parsed.pin().isPresent()) {
      return new FileStatus[] {getFileStatus(path)};
    }
    List<FileStatus> children = new PrefixListing(store(), parsed.location()).children();
    if (!children.isEmpty() || parsed.location().key().isEmpty()) {
      return children.toArray(FileStatus[]::new);
    }
    FileStatus single = getFileStatus(path);
    return single.isFile() ? new FileStatus[] {single} : new FileStatus[0];
  }

  /** No hosts: the default's "localhost" would make Spark wait for an executor there. */
  @Override
  public BlockLocation[] getFileBlockLocations(
      @Nullable FileStatus status, long start, long length) {
    if (status == null || status.getLen() <= start) {
      return new BlockLocation[0];
    }
    return new BlockLocation[] {
      new BlockLocation(new String[0], new String[0], 0, status.getLen())
    };
  }

  @Override
  public long getDefaultBlockSize(Path path) {
    return StoreFileStatus.BLOCK_BYTES;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
    StorePath parsed = parse(path);
    requireKey(parsed.location());
    return new FSDataInputStream(
        new StoreInputStream(new PinnedObject(store(), parsed), context().tails(), statistics));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      @Nullable FsPermission permission,
      boolean overwrite,
      int bufferBytes,
      short replication,
      long blockBytes,
      @Nullable Progressable progress)
      throws IOException {
    throw new UnsupportedOperationException(
        "Cannot create %s: this file system is for reading. Write with format(\"letsdata-s3\")."
            .formatted(parse(path).location()));
  }

  private static void requireKey(ObjectLocation location) throws FileNotFoundException {
    if (location.key().isEmpty() || location.key().endsWith("/")) {
      throw new FileNotFoundException(
          "Cannot open " + location + ": it names a directory. Name an object.");
    }
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferBytes, @Nullable Progressable progress)
      throws IOException {
    throw new UnsupportedOperationException(
        "Cannot append to "
            + parse(path).location()
            + ": objects are written once. Write another object.");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    throw new UnsupportedOperationException(
        "Cannot rename %s to %s: objects have no rename. Write to the final key."
            .formatted(parse(from).location(), parse(to).location()));
  }

  /**
   * Deletes one object. One DELETE, and one LIST when {@code recursive}.
   *
   * @throws UnsupportedOperationException when {@code recursive} and other objects lie under it
   */
  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    StorePath parsed = parse(path);
    boolean unpinned = parsed.pin().isEmpty();
    if (recursive && unpinned && new PrefixListing(store(), parsed.location()).exists()) {
      throw new UnsupportedOperationException(
          "Cannot delete %s: it is a prefix of other objects. Delete them one by one."
              .formatted(parsed.location()));
    }
    requireKey(parsed.location());
    store().delete(List.of(parsed.location()));
    return true;
  }

  /** True without a request: a directory exists as soon as an object lies in it. */
  @Override
  public boolean mkdirs(Path path, @Nullable FsPermission permission) {
    return true;
  }
}

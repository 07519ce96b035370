// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ListPage;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Refuses everything: for test doubles that do what one test needs, and nothing in silence. */
public abstract class RefusingStore implements ObjectStore {
  /** For subclasses. */
  protected RefusingStore() {}

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException("this double of a store does not do that");
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag) {
    throw refused();
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    throw refused();
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) {
    throw refused();
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) {
    throw refused();
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) {
    throw refused();
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) {
    throw refused();
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) {
    throw refused();
  }

  @Override
  public String completeMultipart(MultipartHandle handle) {
    throw refused();
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) {
    throw refused();
  }

  @Override
  public void abortMultipart(MultipartHandle handle) {
    throw refused();
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys) {
    throw refused();
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) {
    throw refused();
  }

  @Override
  public void delete(List<ObjectLocation> locations) {
    throw refused();
  }

  @Override
  public void close() {}
}

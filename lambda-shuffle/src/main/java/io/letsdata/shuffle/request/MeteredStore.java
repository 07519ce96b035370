// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ListPage;
import io.letsdata.store.ListedUpload;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.PartEtag;
import io.letsdata.store.RequestKind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Another store, whose requests count for the shuffle's account when they are sent. Thread-safe;
 * closing it leaves the other store open, which belongs to its creator.
 */
final class MeteredStore extends ForwardingObjectStore {
  /** One request deletes so many. */
  private static final int DELETED_AT_ONCE = 1_000;

  private final ObjectStore store;
  private final ShuffleAccount account;

  MeteredStore(ObjectStore store, ShuffleAccount account) {
    this.store = store;
    this.account = account;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    account.sent(RequestKind.HEAD, 0);
    return super.stat(location);
  }

  /** The shuffle pins the etag when it reads on, and only then. */
  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    account.sent(RequestKind.GET, 0);
    if (etag.isPresent()) {
      account.bodyBroke();
    }
    return received(super.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    account.sent(RequestKind.GET, 0);
    return received(super.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    account.sent(RequestKind.GET, 0);
    return received(super.openTail(location, lastBytes));
  }

  private ObjectBody received(ObjectBody body) {
    account.received(body.range().lengthBytes());
    return body;
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    account.sent(RequestKind.PUT, content.lengthBytes());
    return super.put(location, content);
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    account.sent(RequestKind.PUT, content.lengthBytes());
    return super.putIfAbsent(location, content);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    account.sent(RequestKind.POST, 0);
    return super.startMultipart(location);
  }

  @Override
  protected PartEtag uploadPart(MultipartUpload upload, int number, ObjectContent content)
      throws IOException {
    account.sent(RequestKind.PUT, content.lengthBytes());
    return super.uploadPart(upload, number, content);
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.POST, 0);
    return super.completeMultipart(handle);
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.POST, 0);
    return super.completeMultipartIfAbsent(handle);
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.DELETE, 0);
    super.abortMultipart(handle);
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    account.sent(RequestKind.LIST, 0);
    return super.list(bucket, prefix, startAfter, maxKeys);
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    account.sent(RequestKind.LIST, 0);
    return super.listUploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    for (int i = 0; i < locations.size(); i += DELETED_AT_ONCE) {
      account.sent(RequestKind.DELETE, 0);
    }
    super.delete(locations);
  }
}

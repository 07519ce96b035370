// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

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
import io.letsdata.store.PartEtag;
import io.letsdata.store.RequestKind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Another store, with an account of who asked. Requests count when they are sent. */
record MeteredStore(ObjectStore store, ShuffleAccount account) implements ObjectStore {
  /** One request deletes so many. */
  private static final int DELETED_AT_ONCE = 1_000;

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    account.sent(RequestKind.HEAD, 0);
    return store.stat(location);
  }

  /** The shuffle pins the etag when it reads on, and only then. */
  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    account.sent(RequestKind.GET, 0);
    if (etag.isPresent()) {
      account.bodyBroke();
    }
    return received(store.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    account.sent(RequestKind.GET, 0);
    return received(store.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    account.sent(RequestKind.GET, 0);
    return received(store.openTail(location, lastBytes));
  }

  private ObjectBody received(ObjectBody body) {
    account.received(body.range().lengthBytes());
    return body;
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    account.sent(RequestKind.PUT, content.lengthBytes());
    return store.put(location, content);
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    account.sent(RequestKind.PUT, content.lengthBytes());
    return store.putIfAbsent(location, content);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    account.sent(RequestKind.POST, 0);
    return new MeteredUpload(store.startMultipart(location), account);
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.POST, 0);
    return store.completeMultipart(handle);
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.POST, 0);
    return store.completeMultipartIfAbsent(handle);
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    account.sent(RequestKind.DELETE, 0);
    store.abortMultipart(handle);
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    account.sent(RequestKind.LIST, 0);
    return store.list(bucket, prefix, startAfter, maxKeys);
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    account.sent(RequestKind.LIST, 0);
    return store.listUploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    for (int i = 0; i < locations.size(); i += DELETED_AT_ONCE) {
      account.sent(RequestKind.DELETE, 0);
    }
    store.delete(locations);
  }

  /** Leaves the store open: it is its owner's. */
  @Override
  public void close() {}

  private record MeteredUpload(MultipartUpload upload, ShuffleAccount account)
      implements MultipartUpload {
    @Override
    public ObjectLocation location() {
      return upload.location();
    }

    @Override
    public MultipartHandle handle() {
      return upload.handle();
    }

    @Override
    public PartEtag uploadPart(int number, ObjectContent content) throws IOException {
      account.sent(RequestKind.PUT, content.lengthBytes());
      return upload.uploadPart(number, content);
    }

    @Override
    public String complete() throws IOException {
      account.sent(RequestKind.POST, 0);
      return upload.complete();
    }

    @Override
    public boolean completeIfAbsent() throws IOException {
      account.sent(RequestKind.POST, 0);
      return upload.completeIfAbsent();
    }

    @Override
    public void abort() throws IOException {
      account.sent(RequestKind.DELETE, 0);
      upload.abort();
    }
  }
}

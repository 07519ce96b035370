// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

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
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store whose every request can be made to fail before or after it took effect, and which notes
 * all requests.
 */
final class HookedStore implements ObjectStore {
  /** Sees each request twice: before it reaches the store and after it took effect. */
  interface Hook {
    void before(int number, String request) throws IOException;

    void after(int number, String request) throws IOException;
  }

  static final Hook NONE =
      new Hook() {
        @Override
        public void before(int number, String request) {}

        @Override
        public void after(int number, String request) {}
      };

  private interface Call<T> {
    T run() throws IOException;
  }

  private final ObjectStore store;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Hook hook = NONE;

  HookedStore(ObjectStore store) {
    this.store = store;
  }

  void hook(Hook next) {
    requests.clear();
    hook = next;
  }

  /** Kinds of all requests since the last {@link #hook}, in order. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private <T> T call(String request, Call<T> call) throws IOException {
    int number;
    Hook current = hook;
    synchronized (requests) {
      requests.add(request);
      number = requests.size();
    }
    current.before(number, request);
    T result = call.run();
    current.after(number, request);
    return result;
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    return call("HEAD", () -> store.stat(location));
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    return call("GET", () -> store.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    return call("GET", () -> store.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    return call("GET", () -> store.openTail(location, lastBytes));
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    return call("PUT", () -> store.put(location, content));
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    return call("PUT-IF-ABSENT", () -> store.putIfAbsent(location, content));
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    return hooked(call("START", () -> store.startMultipart(location)));
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    return call("COMPLETE", () -> store.completeMultipart(handle));
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    return call("COMPLETE", () -> store.completeMultipartIfAbsent(handle));
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    call(
        "ABORT",
        () -> {
          store.abortMultipart(handle);
          return handle;
        });
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    return call("LIST", () -> store.list(bucket, prefix, startAfter, maxKeys));
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    return store.listUploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    call(
        "DELETE",
        () -> {
          store.delete(locations);
          return locations;
        });
  }

  @Override
  public void close() {}

  private MultipartUpload hooked(MultipartUpload upload) {
    return new MultipartUpload() {
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
        return call("PART", () -> upload.uploadPart(number, content));
      }

      @Override
      public String complete() throws IOException {
        return call("COMPLETE", upload::complete);
      }

      @Override
      public boolean completeIfAbsent() throws IOException {
        return call("COMPLETE", upload::completeIfAbsent);
      }

      @Override
      public void abort() throws IOException {
        call(
            "ABORT",
            () -> {
              upload.abort();
              return upload;
            });
      }
    };
  }
}

package io.letsdata.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another store, counting what it is asked for as if each call were the requests it costs.
 * Thread-safe; closing it closes the other.
 */
public final class CountingObjectStore implements ObjectStore {

  private static final int DELETED_AT_ONCE = 1000;

  private final ObjectStore delegate;
  private final RequestMeter meter = new RequestMeter();
  private final List<String> log = new ArrayList<>();

  public CountingObjectStore(ObjectStore delegate) {
    this.delegate = delegate;
  }

  /** Requests until now. */
  public RequestCounts counts() {
    return meter.counts();
  }

  /** Each request until now, such as {@code GET s3://b/k [0, 10)}. */
  public List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  private void sent(RequestKind kind, String what, long bodyBytes) {
    meter.sent(kind, bodyBytes);
    synchronized (log) {
      log.add(kind + " " + what);
    }
  }

  private ObjectBody counted(ObjectLocation location, ObjectBody body) {
    InputStream source =
        new FilterInputStream(body) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            meter.received(Math.max(count, 0));
            return count;
          }
        };
    return new ObjectBody(location, body.range(), body.stat(), source, () -> {});
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    sent(RequestKind.HEAD, location.toString(), 0);
    return delegate.stat(location);
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    sent(RequestKind.GET, location + " " + range, 0);
    return counted(location, delegate.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    sent(RequestKind.GET, location.toString(), 0);
    return counted(location, delegate.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    sent(RequestKind.GET, location + " [last " + lastBytes + ")", 0);
    return counted(location, delegate.openTail(location, lastBytes));
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    sent(RequestKind.PUT, location.toString(), content.lengthBytes());
    return delegate.put(location, content);
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    sent(RequestKind.PUT, location + " if absent", content.lengthBytes());
    return delegate.putIfAbsent(location, content);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    sent(RequestKind.POST, location + " start", 0);
    MultipartUpload upload = delegate.startMultipart(location);
    return new StartedUpload(
        this,
        location,
        upload.handle().uploadId(),
        (number, content) -> {
          sent(RequestKind.PUT, location + " part " + number, content.lengthBytes());
          return upload.uploadPart(number, content);
        });
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    sent(RequestKind.POST, handle.location() + " complete", 0);
    return delegate.completeMultipart(handle);
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    sent(RequestKind.POST, handle.location() + " complete if absent", 0);
    return delegate.completeMultipartIfAbsent(handle);
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    sent(RequestKind.DELETE, handle.location() + " upload", 0);
    delegate.abortMultipart(handle);
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    sent(RequestKind.LIST, "s3://" + bucket + "/" + prefix, 0);
    return delegate.list(bucket, prefix, startAfter, maxKeys);
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    sent(RequestKind.LIST, "uploads s3://" + bucket + "/" + prefix, 0);
    return delegate.listUploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    long batches =
        locations.stream()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    ObjectLocation::bucket, java.util.stream.Collectors.counting()))
            .values()
            .stream()
            .mapToLong(count -> (count + DELETED_AT_ONCE - 1) / DELETED_AT_ONCE)
            .sum();
    for (long i = 0; i < batches; i++) {
      sent(RequestKind.DELETE, locations.size() + " objects", 0);
    }
    delegate.delete(locations);
  }

  @Override
  public void close() {
    delegate.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.options.Evolving;
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
import io.letsdata.store.RangeBeyondEnd;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.Requests;
import io.letsdata.store.StartedUpload;
import io.letsdata.store.StoreException;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;

/**
 * {@link ObjectStore} over the AWS SDK's synchronous client, for AWS and other servers of the S3
 * protocol. The SDK retries requests that may be repeated ("standard" mode, 4 attempts). A
 * conditional write is repeated only while its outcome stays certain.
 *
 * <p>Thread-safe. An open body holds one of {@link StoreSettings#maxConnections} connections until
 * it is read to its end or closed.
 */
@Evolving
public final class S3ObjectStore implements ObjectStore {

  private final S3Reads reads;
  private final S3Writes writes;
  private final S3Listings listings;
  private final Runnable onClose;

  private S3ObjectStore(S3Clients clients, Runnable onClose) {
    S3Failures failures = new S3Failures(clients.settings());
    this.reads = new S3Reads(clients, failures);
    this.writes = new S3Writes(clients, failures);
    this.listings = new S3Listings(clients, failures);
    this.onClose = onClose;
  }

  /**
   * Opens a connection pool; no request yet. The caller closes the store.
   *
   * @throws IllegalArgumentException when no region is set and none can be found
   */
  public static S3ObjectStore create(StoreSettings settings, RequestMeter meter) {
    S3Clients clients = S3Clients.open(settings, meter);
    return new S3ObjectStore(clients, clients::close);
  }

  /** As {@link #create}, but {@code close} does nothing: the process owns the store. */
  static S3ObjectStore createShared(StoreSettings settings, RequestMeter meter) {
    return new S3ObjectStore(S3Clients.open(settings, meter), () -> {});
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    return reads.stat(Requests.checked(location));
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    Requests.checked(location);
    Requests.checkNotEmpty(location, range);
    String header = "bytes=" + range.start() + "-" + (range.end() - 1);
    return reads.open(location, range.toString(), Optional.of(header), etag);
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    return reads.open(Requests.checked(location), "", Optional.empty(), etag);
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    Requests.checked(location);
    Requests.checkTail(location, lastBytes);
    try {
      String shown = "[last " + lastBytes + ")";
      return reads.open(location, shown, Optional.of("bytes=-" + lastBytes), Optional.empty());
    } catch (RangeBeyondEnd emptyObject) {
      // No suffix of an empty object can be satisfied (RFC 9110, 14.1.2); the whole can.
      return openAll(location, Optional.empty());
    }
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    S3Writes.Put put = writes.put(Requests.checked(location), content);
    return put.certain() ? put.etag() : settled(location, content.lengthBytes(), put.etag());
  }

  /** The etag that the object has now, or {@code etag} when that cannot be found out. One HEAD. */
  private String settled(ObjectLocation location, long lengthBytes, String etag)
      throws InterruptedIOException {
    try {
      return reads
          .stat(location)
          .filter(stat -> stat.lengthBytes() == lengthBytes)
          .map(ObjectStat::etag)
          .orElse(etag);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return etag; // the object is stored; the right to write may not include that to read
    }
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    return writes.putIfAbsent(Requests.checked(location), content);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    String uploadId = writes.startMultipart(Requests.checked(location));
    return new StartedUpload(
        this,
        location,
        uploadId,
        (number, content) -> writes.uploadPart(location, uploadId, number, content));
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    Requests.checkHasParts(handle);
    return writes
        .complete(handle, Optional.empty())
        .orElseThrow(
            () ->
                new StoreException(
                    "Cannot complete the upload to "
                        + handle.location()
                        + ": the store refused a precondition that was not requested."));
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    Requests.checkHasParts(handle);
    return writes.complete(handle, Optional.of("*")).isPresent();
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    writes.abort(handle);
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    Requests.checkMaxKeys(maxKeys);
    return listings.list(bucket, prefix, startAfter, maxKeys);
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    return listings.uploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    for (ObjectLocation location : locations) {
      Requests.checked(location);
    }
    listings.delete(locations);
  }

  @Override
  public void close() {
    onClose.run();
  }
}

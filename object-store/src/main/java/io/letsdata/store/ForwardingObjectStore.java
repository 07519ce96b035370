// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A store that passes every request on to another one. A subclass overrides the methods that it
 * changes, and sees every request exactly once: the convenience methods of {@link ObjectStore} and
 * the uploads that it starts call the methods of this class. Thread-safe when the other store and
 * the subclass are.
 *
 * <p>Adds no request. It is the one base class for reuse of this project: {@link ObjectStore} has
 * 13 methods, and a store that changes two of them should show these two.
 */
@Internal
public abstract class ForwardingObjectStore implements ObjectStore {

  /** For subclasses. */
  protected ForwardingObjectStore() {}

  /**
   * The store to which a request goes. Called once for each request, before it is sent.
   *
   * @throws IOException when no request may be sent; the caller of the request receives it
   */
  protected abstract ObjectStore delegate() throws IOException;

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    return delegate().stat(location);
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    return delegate().open(location, range, etag);
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    return delegate().openAll(location, etag);
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    return delegate().openTail(location, lastBytes);
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    return delegate().put(location, content);
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    return delegate().putIfAbsent(location, content);
  }

  /**
   * Starts an upload whose requests come back to this store: its parts to {@link #uploadPart}, its
   * completion to {@link #completeMultipart} or {@link #completeMultipartIfAbsent}, its end to
   * {@link #abortMultipart}.
   */
  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    MultipartUpload upload = delegate().startMultipart(location);
    return new StartedUpload(
        this,
        location,
        upload.handle().uploadId(),
        (number, content) -> uploadPart(upload, number, content));
  }

  /**
   * Stores one part of an upload that {@link #startMultipart} started. One PUT.
   *
   * @param upload as the other store gave it
   */
  protected PartEtag uploadPart(MultipartUpload upload, int number, ObjectContent content)
      throws IOException {
    return upload.uploadPart(number, content);
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    return delegate().completeMultipart(handle);
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    return delegate().completeMultipartIfAbsent(handle);
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    delegate().abortMultipart(handle);
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    return delegate().list(bucket, prefix, startAfter, maxKeys);
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    return delegate().listUploads(bucket, prefix);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    delegate().delete(locations);
  }

  /** Does nothing: the other store's owner closes it. A subclass that owns it overrides this. */
  @Override
  public void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An upload of a store: collects the etags of its parts and sends every other request through the
 * store. Thread-safe when the store is.
 */
@Internal
public final class StartedUpload implements MultipartUpload {

  /** Stores one part of one upload. */
  public interface PartWriter {
    PartEtag upload(int number, ObjectContent content) throws IOException;
  }

  private final ObjectStore store;
  private final ObjectLocation location;
  private final String uploadId;
  private final PartWriter writer;
  private final Map<Integer, PartEtag> parts = new ConcurrentSkipListMap<>();

  public StartedUpload(
      ObjectStore store, ObjectLocation location, String uploadId, PartWriter writer) {
    this.store = store;
    this.location = location;
    this.uploadId = uploadId;
    this.writer = writer;
  }

  @Override
  public ObjectLocation location() {
    return location;
  }

  @Override
  public MultipartHandle handle() {
    return new MultipartHandle(location, uploadId, List.copyOf(parts.values()));
  }

  @Override
  public PartEtag uploadPart(int number, ObjectContent content) throws IOException {
    if (number < 1 || number > PartEtag.MAX_NUMBER) {
      throw new IllegalArgumentException(
          "Cannot store part " + number + " of " + location + ": S3 numbers parts 1 to 10,000.");
    }
    PartEtag part = writer.upload(number, content);
    parts.put(number, part);
    return part;
  }

  @Override
  public String complete() throws IOException {
    return store.completeMultipart(handle());
  }

  @Override
  public boolean completeIfAbsent() throws IOException {
    return store.completeMultipartIfAbsent(handle());
  }

  @Override
  public void abort() throws IOException {
    store.abortMultipart(handle());
  }
}

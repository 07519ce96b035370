// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static java.util.Objects.requireNonNull;

import io.letsdata.fixtures.store.RefusingObjectStore;
import io.letsdata.store.ByteRange;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.PartEtag;
import io.letsdata.store.StartedUpload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Keeps objects of gigabytes in a few megabytes, as long as they are mostly zeros: of a page of
 * zeros there is one. Does what the shuffle needs, no more. Thread-safe.
 */
final class SparseStore extends RefusingObjectStore {
  private static final int PAGE_BYTES = 512;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  /** Pieces by where they begin. */
  private record Stored(NavigableMap<Long, byte[][]> pieces, long lengthBytes) {}

  private final Map<ObjectLocation, Stored> objects = new ConcurrentHashMap<>();
  private final Map<String, Map<Integer, Stored>> uploads = new ConcurrentHashMap<>();

  private static long store(ObjectContent content, long start, NavigableMap<Long, byte[][]> pieces)
      throws IOException {
    byte[][] pages =
        new byte[Math.toIntExact(-Math.floorDiv(-content.lengthBytes(), PAGE_BYTES))][];
    byte[] page = new byte[PAGE_BYTES];
    try (InputStream in = content.open()) {
      for (int i = 0; i < pages.length; i++) {
        int count = in.readNBytes(page, 0, PAGE_BYTES);
        pages[i] =
            Arrays.equals(page, 0, count, ZEROS, 0, count) ? ZEROS : Arrays.copyOf(page, count);
      }
    }
    pieces.put(start, pages);
    return start + content.lengthBytes();
  }

  private Stored stored(ObjectLocation location) {
    return requireNonNull(objects.get(location), location::toString);
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) {
    return Optional.ofNullable(objects.get(location)).map(SparseStore::stat);
  }

  private static ObjectStat stat(Stored stored) {
    return new ObjectStat(stored.lengthBytes(), "etag");
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag) {
    Stored stored = stored(location);
    InputStream body =
        new InputStream() {
          private long position = range.start();

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            if (position == range.end()) {
              return -1;
            }
            Map.Entry<Long, byte[][]> piece = stored.pieces().floorEntry(position);
            int inPiece = Math.toIntExact(position - piece.getKey());
            byte[] page = piece.getValue()[inPiece / PAGE_BYTES];
            int from = inPiece % PAGE_BYTES;
            int count = (int) Math.min(Math.min(length, PAGE_BYTES - from), range.end() - position);
            if (page.length < PAGE_BYTES) {
              count = Math.min(count, page.length - from);
            }
            System.arraycopy(page, from, target, offset, count);
            position += count;
            return count;
          }
        };
    return new ObjectBody(location, range, stat(stored), body, () -> {});
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) {
    return open(location, new ByteRange(0, stored(location).lengthBytes()), etag);
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) {
    long length = stored(location).lengthBytes();
    return open(location, new ByteRange(Math.max(0, length - lastBytes), length), Optional.empty());
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    NavigableMap<Long, byte[][]> pieces = new TreeMap<>();
    objects.put(location, new Stored(pieces, store(content, 0, pieces)));
    return "etag";
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) {
    String uploadId = UUID.randomUUID().toString();
    Map<Integer, Stored> parts = new ConcurrentSkipListMap<>();
    uploads.put(uploadId, parts);
    return new StartedUpload(
        this,
        location,
        uploadId,
        (number, content) -> {
          NavigableMap<Long, byte[][]> pieces = new TreeMap<>();
          parts.put(number, new Stored(pieces, store(content, 0, pieces)));
          return new PartEtag(number, "etag");
        });
  }

  @Override
  public String completeMultipart(MultipartHandle handle) {
    NavigableMap<Long, byte[][]> pieces = new TreeMap<>();
    long length = 0;
    Map<Integer, Stored> parts = requireNonNull(uploads.remove(handle.uploadId()));
    for (Stored part : parts.values()) {
      pieces.put(length, part.pieces().firstEntry().getValue());
      length += part.lengthBytes();
    }
    objects.put(handle.location(), new Stored(pieces, length));
    return "etag";
  }

  @Override
  public void abortMultipart(MultipartHandle handle) {
    uploads.remove(handle.uploadId());
  }

  @Override
  public void delete(List<ObjectLocation> locations) {
    locations.forEach(objects::remove);
  }
}

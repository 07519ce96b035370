// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The only way to S3: objects that are read whole or in ranges, and are written whole. Thread-safe;
 * the creator closes it, except a shared one ({@code SharedStores}).
 *
 * <p>The Javadoc of every method states its cost in requests without failures; retries are extra,
 * and {@link RequestMeter} counts them. All methods throw {@link BucketNotFound}, {@link
 * AccessDenied} and {@link StoreUnavailable}, within seconds when no server listens at the
 * endpoint.
 */
@Evolving
public interface ObjectStore extends AutoCloseable {

  /**
   * Length and etag of the object, or empty when there is none. One HEAD; one more per bucket, to
   * tell a missing object from a missing bucket.
   */
  Optional<ObjectStat> stat(ObjectLocation location) throws IOException;

  /**
   * Part of an object. One GET.
   *
   * @param range not empty; cut at the object's end ({@link ObjectBody#range})
   * @param etag of the required version; empty accepts any
   * @throws ObjectChanged when another version is stored
   * @throws ObjectNotFound when nothing is stored there
   * @throws StoreException when {@code range} begins at or after the object's end
   */
  ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException;

  /** A whole object; otherwise as {@link #open}. One GET. */
  ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException;

  /**
   * The last {@code lastBytes} (at least 1) of an object, or all of it when it is shorter. One GET;
   * two for an empty one.
   */
  ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException;

  /**
   * All bytes of an object, which must fit in an array. One GET; up to three when bodies break off.
   */
  default byte[] read(ObjectLocation location) throws IOException {
    return RepeatedRead.bytes(etag -> openAll(location, etag));
  }

  /**
   * The bytes of a range, fewer only when the object ends. One GET, up to three when bodies break
   * off, none for an empty range.
   */
  default byte[] read(ObjectLocation location, ByteRange range) throws IOException {
    return read(location, range, Optional.empty());
  }

  /**
   * As {@link #read(ObjectLocation, ByteRange)}.
   *
   * @param etag of the required version; empty accepts any
   * @throws ObjectChanged when another version is stored
   */
  default byte[] read(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    if (range.lengthBytes() == 0) {
      return new byte[0];
    }
    return RepeatedRead.bytes(seen -> open(location, range, seen.isPresent() ? seen : etag));
  }

  /** An object as UTF-8 text. One GET. */
  default String readUtf8(ObjectLocation location) throws IOException {
    return new String(read(location), StandardCharsets.UTF_8);
  }

  /**
   * Stores an object, replacing an earlier one; readers see the old object or the new one, whole.
   * One PUT; one HEAD more when it was sent several times, and the etag need not be that of the
   * content (SSE-KMS, or the bucket's default): an earlier attempt may have arrived last.
   *
   * <p>After a failure other than a refusal the object may have been stored; storing it again is
   * harmless.
   *
   * @return the etag
   */
  String put(ObjectLocation location, ObjectContent content) throws IOException;

  /**
   * Stores an object if there is none; of many writers at the same time exactly one succeeds. One
   * PUT with If-None-Match.
   *
   * @return false when an object was there first; it is untouched
   * @throws OutcomeUnknown when the response was lost
   */
  boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException;

  /** Starts an upload in parts, invisible until completed. One POST. */
  MultipartUpload startMultipart(ObjectLocation location) throws IOException;

  /**
   * Joins the parts to one object, which replaces an earlier one atomically. One POST.
   *
   * @param handle with at least one part
   * @return the etag
   * @throws OutcomeUnknown when the response was lost
   * @throws StoreException when the store does not know the upload (aborted, or completed before)
   * @throws PartsRefused when it has other parts than the handle names
   */
  String completeMultipart(MultipartHandle handle) throws IOException;

  /**
   * As {@link #completeMultipart}, but only if there is no object. One POST with If-None-Match.
   *
   * @return false when an object was there first; it is unchanged, and the caller must abort the
   *     upload
   */
  boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException;

  /**
   * Deletes an upload and its parts; an upload that the store does not know is no error. One
   * DELETE.
   */
  void abortMultipart(MultipartHandle handle) throws IOException;

  /**
   * Objects whose keys begin with {@code prefix}, in the order of their keys' UTF-8 bytes. One
   * LIST.
   *
   * @param startAfter only keys after this one
   * @param maxKeys 1 to 1,000
   */
  ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException;

  /**
   * All objects whose keys begin with {@code prefix}. One LIST per thousand objects, the first one
   * at the first {@code hasNext}, which throws failures as {@link java.io.UncheckedIOException}.
   */
  default Iterator<ListedObject> listAll(String bucket, String prefix) {
    return new ListIterator(this, bucket, prefix);
  }

  /**
   * Uploads in parts to keys that begin with {@code prefix}, neither completed nor aborted, in no
   * particular order. One LIST per thousand.
   */
  List<ListedUpload> listUploads(String bucket, String prefix) throws IOException;

  /**
   * Deletes objects; a missing object is no error. One DELETE per bucket and thousand objects.
   * After a failure some objects may be deleted.
   *
   * @throws StoreException naming the first object that could not be deleted, and how many
   */
  void delete(List<ObjectLocation> locations) throws IOException;

  @Override
  void close();
}

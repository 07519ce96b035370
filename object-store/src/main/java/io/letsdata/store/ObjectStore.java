// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The only door to S3: objects, whole or in ranges, written at once and never changed in part.
 * Thread-safe; whoever created it closes it, except shared ones ({@code SharedStores}).
 *
 * <p>Every method names its cost in requests when nothing fails; retries come on top and are
 * counted by {@link RequestMeter}. All methods throw {@link BucketNotFound}, {@link AccessDenied}
 * and {@link StoreUnavailable} for what these say, within seconds when nothing answers at the
 * endpoint.
 */
@Internal
public interface ObjectStore extends AutoCloseable {

  /**
   * What is stored there, or empty. One HEAD; a second, once a bucket, if nothing is found before
   * the bucket is known.
   */
  Optional<ObjectStat> stat(ObjectLocation location) throws IOException;

  /**
   * Part of an object. One GET.
   *
   * @param range not empty; what reaches past the object's end is cut off ({@link
   *     ObjectBody#range})
   * @param etag when given, the only version that will do
   * @throws ObjectChanged when another version is stored
   * @throws ObjectNotFound when nothing is stored there
   * @throws StoreException when {@code range} begins at or after the object's end
   */
  ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException;

  /** A whole object; as {@link #open} for the rest. One GET. */
  ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException;

  /**
   * The last {@code lastBytes} (at least 1) of an object, or all of it when it is shorter. One GET;
   * two for an empty one.
   */
  ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException;

  /**
   * All bytes of an object, which must fit an array. One GET; up to three when bodies break off.
   */
  default byte[] read(ObjectLocation location) throws IOException {
    return RepeatedRead.bytes(etag -> openAll(location, etag));
  }

  /**
   * The bytes of a range, fewer only when the object ends. One GET, up to three when bodies break
   * off, none for an empty range.
   */
  default byte[] read(ObjectLocation location, ByteRange range) throws IOException {
    if (range.lengthBytes() == 0) {
      return new byte[0];
    }
    return RepeatedRead.bytes(etag -> open(location, range, etag));
  }

  /** An object as UTF-8 text. One GET. */
  default String readUtf8(ObjectLocation location) throws IOException {
    return new String(read(location), StandardCharsets.UTF_8);
  }

  /**
   * Stores an object, replacing what was there; readers see the old or the new one, whole. One PUT.
   *
   * <p>After a failure other than a refusal the object may have been stored; storing it again is
   * harmless.
   *
   * @return the etag
   */
  String put(ObjectLocation location, ObjectContent content) throws IOException;

  /**
   * Stores an object if nothing is stored there; of many at once exactly one wins. One PUT with
   * If-None-Match.
   *
   * @return false when an object was there first; it is untouched
   * @throws OutcomeUnknown when the answer was lost
   */
  boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException;

  /** Starts an upload in parts, invisible until completed. One POST. */
  MultipartUpload startMultipart(ObjectLocation location) throws IOException;

  /**
   * Makes the parts one object, replacing what was there, all at once. One POST.
   *
   * @param handle with at least one part
   * @return the etag
   * @throws OutcomeUnknown when the answer was lost
   * @throws StoreException when the store does not know the upload (aborted, or completed before)
   *     or refuses its parts
   */
  String completeMultipart(MultipartHandle handle) throws IOException;

  /**
   * As {@link #completeMultipart}, but only if nothing is stored there. One POST with
   * If-None-Match.
   *
   * @return false when an object was there first; it is untouched, and the upload is still to be
   *     aborted
   */
  boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException;

  /** Gives up an upload and its parts; one that the store does not know is fine. One DELETE. */
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
   * All objects whose keys begin with {@code prefix}. One LIST a thousand, the first at the first
   * {@code hasNext}; a failure there is an {@link java.io.UncheckedIOException}.
   */
  default Iterator<ListedObject> listAll(String bucket, String prefix) {
    return new ListIterator(this, bucket, prefix);
  }

  /**
   * Uploads in parts to keys that begin with {@code prefix}, neither completed nor aborted, in no
   * order that can be relied on. One LIST a thousand.
   */
  List<ListedUpload> listUploads(String bucket, String prefix) throws IOException;

  /**
   * Deletes objects; missing ones are fine. One DELETE a thousand and bucket; when it fails, some
   * may be deleted.
   *
   * @throws StoreException naming the first object that could not be deleted, and how many
   */
  void delete(List<ObjectLocation> locations) throws IOException;

  @Override
  void close();
}

package io.letsdata.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The twin of S3 for tests: same contract, in this process. Thread-safe. */
public final class InMemoryObjectStore implements ObjectStore {

  /**
   * S3 lists in the order of UTF-8 bytes, which is not the order of Java's chars beyond the BMP.
   */
  private static final Comparator<String> UTF8_ORDER =
      (a, b) ->
          java.util.Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private static final class Stored {
    private final byte[] bytes;
    private final String etag;
    private final Instant modified;

    Stored(byte[] bytes, String etag, Instant modified) {
      this.bytes = bytes;
      this.etag = etag;
      this.modified = modified;
    }

    Instant modified() {
      return modified;
    }

    byte[] bytes() {
      return bytes;
    }

    String etag() {
      return etag;
    }

    ObjectStat stat() {
      return new ObjectStat(bytes.length, etag);
    }
  }

  private record Upload(ObjectLocation location, Instant started, Map<Integer, Stored> parts) {}

  private final Map<String, NavigableMap<String, Stored>> buckets = new HashMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private final AtomicLong nextUpload = new AtomicLong(1);
  private final Clock clock;

  public InMemoryObjectStore(String... bucketNames) {
    this(Clock.systemUTC(), bucketNames);
  }

  /** {@code clock} tells when objects are stored. */
  public InMemoryObjectStore(Clock clock, String... bucketNames) {
    this.clock = clock;
    for (String name : bucketNames) {
      createBucket(name);
    }
  }

  /** Makes an empty bucket, or leaves the one there. */
  public synchronized void createBucket(String name) {
    buckets.computeIfAbsent(name, n -> new TreeMap<>(UTF8_ORDER));
  }

  /** Keys of all objects in a bucket, in order. */
  public synchronized List<String> keys(String bucketName) {
    NavigableMap<String, Stored> bucket = buckets.get(bucketName);
    return bucket == null ? List.of() : List.copyOf(bucket.keySet());
  }

  /** Uploads that are neither completed nor aborted. */
  public synchronized int pendingUploads() {
    return uploads.size();
  }

  @Override
  public synchronized Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    Requests.checked(location);
    return Optional.ofNullable(bucket("stat " + location, location.bucket()).get(location.key()))
        .map(Stored::stat);
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    Requests.checked(location);
    Requests.checkNotEmpty(location, range);
    String action = "read " + location + " " + range;
    Stored stored = stored(action, location, etag);
    if (range.start() >= stored.bytes().length) {
      throw new RangeBeyondEnd(
          "Cannot " + action + ": the object ends before the range begins.", null);
    }
    return body(
        location,
        stored,
        new ByteRange(range.start(), Math.min(range.end(), stored.bytes().length)));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    Stored stored = stored("read " + location, Requests.checked(location), etag);
    return body(location, stored, new ByteRange(0, stored.bytes().length));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    Requests.checked(location);
    Requests.checkTail(location, lastBytes);
    Stored stored = stored("read " + location, location, Optional.empty());
    int length = stored.bytes().length;
    return body(location, stored, new ByteRange(Math.max(0, length - lastBytes), length));
  }

  private static ObjectBody body(ObjectLocation location, Stored stored, ByteRange range) {
    InputStream bytes =
        new ByteArrayInputStream(stored.bytes(), (int) range.start(), (int) range.lengthBytes());
    return new ObjectBody(location, range, stored.stat(), bytes, () -> {});
  }

  private synchronized Stored stored(String action, ObjectLocation location, Optional<String> etag)
      throws IOException {
    Stored stored = bucket(action, location.bucket()).get(location.key());
    if (stored == null) {
      throw new ObjectNotFound("Cannot " + action + ": there is no such object. Check the key.");
    }
    if (etag.isPresent() && !etag.get().equals(stored.etag())) {
      throw new ObjectChanged(
          "Cannot %s: object changed since planning (etag %s, now %s). Write new keys instead of overwriting."
              .formatted(action, etag.get(), stored.etag()));
    }
    return stored;
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    Requests.checked(location);
    Stored stored = drain(content);
    synchronized (this) {
      bucket("put " + location, location.bucket()).put(location.key(), stored);
    }
    return stored.etag();
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    Requests.checked(location);
    Stored stored = drain(content);
    synchronized (this) {
      return bucket("put " + location + " if absent", location.bucket())
              .putIfAbsent(location.key(), stored)
          == null;
    }
  }

  @Override
  public synchronized MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    Requests.checked(location);
    bucket("start an upload to " + location, location.bucket());
    String id = "upload-" + nextUpload.getAndIncrement();
    uploads.put(id, new Upload(location, clock.instant(), new HashMap<>()));
    return new StartedUpload(
        this, location, id, (number, content) -> uploadPart(location, id, number, content));
  }

  private PartEtag uploadPart(
      ObjectLocation location, String uploadId, int number, ObjectContent content)
      throws IOException {
    Stored stored = drain(content);
    synchronized (this) {
      upload("store part " + number + " of " + location, uploadId).parts().put(number, stored);
    }
    return new PartEtag(number, stored.etag());
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    return complete(handle, /* onlyIfAbsent= */ false).orElseThrow();
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    return complete(handle, /* onlyIfAbsent= */ true).isPresent();
  }

  private synchronized Optional<String> complete(MultipartHandle handle, boolean onlyIfAbsent)
      throws IOException {
    Requests.checkHasParts(handle);
    ObjectLocation location = handle.location();
    String action = "complete the upload to " + location;
    NavigableMap<String, Stored> bucket = bucket(action, location.bucket());
    Upload upload = upload(action, handle.uploadId());
    if (onlyIfAbsent && bucket.containsKey(location.key())) {
      return Optional.empty();
    }
    Stored whole = joined(action, handle, upload);
    bucket.put(location.key(), whole);
    uploads.remove(handle.uploadId());
    return Optional.of(whole.etag());
  }

  private Stored joined(String action, MultipartHandle handle, Upload upload) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (PartEtag part : handle.parts()) {
      Stored stored = upload.parts().get(part.number());
      if (stored == null || !stored.etag().equals(part.etag())) {
        throw new StoreException(
            "Cannot " + action + ": part " + part.number() + " is not stored with that etag.");
      }
      bytes.write(stored.bytes());
    }
    byte[] all = bytes.toByteArray();
    return new Stored(all, md5(all) + "-" + handle.parts().size(), clock.instant());
  }

  @Override
  public synchronized void abortMultipart(MultipartHandle handle) throws IOException {
    bucket("abort the upload to " + handle.location(), handle.location().bucket());
    uploads.remove(handle.uploadId());
  }

  @Override
  public synchronized ListPage list(
      String bucketName, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    Requests.checkMaxKeys(maxKeys);
    NavigableMap<String, Stored> bucket =
        bucket("list s3://" + bucketName + "/" + prefix, bucketName);
    List<ListedObject> objects = new ArrayList<>();
    for (Map.Entry<String, Stored> entry : bucket.tailMap(prefix, true).entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      if (startAfter.isPresent() && UTF8_ORDER.compare(key, startAfter.get()) <= 0) {
        continue;
      }
      if (objects.size() == maxKeys) {
        return new ListPage(objects, Optional.of(objects.get(objects.size() - 1).location().key()));
      }
      Stored stored = entry.getValue();
      objects.add(
          new ListedObject(new ObjectLocation(bucketName, key), stored.stat(), stored.modified()));
    }
    return new ListPage(objects, Optional.empty());
  }

  @Override
  public synchronized List<ListedUpload> listUploads(String bucketName, String prefix)
      throws IOException {
    NavigableMap<String, Stored> unused =
        bucket("list uploads to s3://" + bucketName + "/" + prefix, bucketName);
    return uploads.entrySet().stream()
        .filter(entry -> entry.getValue().location().bucket().equals(bucketName))
        .filter(entry -> entry.getValue().location().key().startsWith(prefix))
        .map(
            entry ->
                new ListedUpload(
                    entry.getValue().location(), entry.getKey(), entry.getValue().started()))
        .toList();
  }

  @Override
  public synchronized void delete(List<ObjectLocation> locations) throws IOException {
    for (ObjectLocation location : locations) {
      Requests.checked(location);
      bucket("delete " + location, location.bucket()).remove(location.key());
    }
  }

  @Override
  public void close() {}

  private NavigableMap<String, Stored> bucket(String action, String name) throws IOException {
    NavigableMap<String, Stored> bucket = buckets.get(name);
    if (bucket == null) {
      throw new BucketNotFound(
          "Cannot " + action + ": bucket '" + name + "' does not exist in memory.");
    }
    return bucket;
  }

  private Upload upload(String action, String id) throws IOException {
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw new StoreException(
          "Cannot "
              + action
              + ": the store does not know this upload; it was completed or aborted before.");
    }
    return upload;
  }

  private Stored drain(ObjectContent content) throws IOException {
    try (InputStream in = content.open()) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length != content.lengthBytes()) {
        throw new IOException(
            "content delivered " + bytes.length + " of " + content.lengthBytes() + " bytes");
      }
      return new Stored(bytes, md5(bytes), clock.instant());
    }
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

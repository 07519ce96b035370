// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle;

import io.letsdata.store.ByteRange;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.PartEtag;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts requests by kind and lets a test break reads. Thread-safe. */
public final class ProbedStore extends ForwardingObjectStore {
  public final AtomicInteger puts = new AtomicInteger();
  public final AtomicInteger gets = new AtomicInteger();
  public final AtomicInteger heads = new AtomicInteger();
  public final AtomicInteger posts = new AtomicInteger();
  public final AtomicInteger parts = new AtomicInteger();
  public final AtomicInteger deletes = new AtomicInteger();
  private final ObjectStore store;
  private volatile Reading reading = (location, range) -> {};
  private volatile Writing writing = location -> {};
  private volatile int cutAfterBytes = Integer.MAX_VALUE;
  private final AtomicInteger cutsLeft = new AtomicInteger();

  public ProbedStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  /** Called before each GET; may fail it. */
  public interface Reading {
    void before(ObjectLocation location, ByteRange range) throws IOException;
  }

  public void beforeReads(Reading action) {
    reading = action;
  }

  /** Called before each PUT, of an object or a part; may fail it. */
  public interface Writing {
    void before(ObjectLocation location) throws IOException;
  }

  public void beforeWrites(Writing action) {
    writing = action;
  }

  /** The next {@code times} bodies break off after so many bytes. */
  public void cutBodies(int times, int afterBytes) {
    cutAfterBytes = afterBytes;
    cutsLeft.set(times);
  }

  /** Requests of all kinds. */
  public int all() {
    return puts.get() + gets.get() + heads.get() + posts.get() + parts.get() + deletes.get();
  }

  public void resetCounts() {
    for (AtomicInteger count : List.of(puts, gets, heads, posts, parts, deletes)) {
      count.set(0);
    }
  }

  private ObjectBody probed(ObjectLocation location, ObjectBody body) {
    if (cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      return body;
    }
    FilterInputStream cut =
        new FilterInputStream(body) {
          private int left = cutAfterBytes;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
              return -1;
            }
            int count = super.read(target, offset, Math.min(left, length));
            left -= Math.max(0, count);
            return count;
          }
        };
    return new ObjectBody(location, body.range(), body.stat(), cut, () -> {});
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    heads.incrementAndGet();
    return super.stat(location);
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    gets.incrementAndGet();
    reading.before(location, range);
    return probed(location, super.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    gets.incrementAndGet();
    reading.before(location, new ByteRange(0, Long.MAX_VALUE));
    return probed(location, super.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    gets.incrementAndGet();
    reading.before(location, new ByteRange(0, Long.MAX_VALUE));
    return probed(location, super.openTail(location, lastBytes));
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    puts.incrementAndGet();
    writing.before(location);
    return super.put(location, content);
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    puts.incrementAndGet();
    return super.putIfAbsent(location, content);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    posts.incrementAndGet();
    return super.startMultipart(location);
  }

  @Override
  protected PartEtag uploadPart(MultipartUpload upload, int number, ObjectContent content)
      throws IOException {
    parts.incrementAndGet();
    writing.before(upload.location());
    return super.uploadPart(upload, number, content);
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    posts.incrementAndGet();
    return super.completeMultipart(handle);
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    posts.incrementAndGet();
    return super.completeMultipartIfAbsent(handle);
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    deletes.incrementAndGet();
    super.delete(locations);
  }
}

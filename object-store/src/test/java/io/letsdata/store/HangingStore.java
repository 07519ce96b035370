package io.letsdata.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers nothing, even to an interrupted thread, until a test closes it. Thread-safe. */
public final class HangingStore implements ObjectStore {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();

  /** Requests that have come. */
  public int requests() {
    return requests.get();
  }

  private StoreUnavailable hang() {
    requests.incrementAndGet();
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new StoreUnavailable("Cannot answer: the store was closed");
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws StoreUnavailable {
    throw hang();
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag)
      throws StoreUnavailable {
    throw hang();
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content)
      throws StoreUnavailable {
    throw hang();
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws StoreUnavailable {
    throw hang();
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws StoreUnavailable {
    throw hang();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}

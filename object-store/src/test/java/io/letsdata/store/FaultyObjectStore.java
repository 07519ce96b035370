package io.letsdata.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Another store, with faults on order. Thread-safe; closing it closes the other. Example: the
 * second part of an upload fails once: {@code faulty.inject(UPLOAD_PART, "my/key", 1, new
 * Fault.Unavailable())}.
 */
public final class FaultyObjectStore implements ObjectStore {

  private static final class Rule {
    private final StoreOperation operation;
    private final String keyPart;
    private final Fault fault;
    private int timesLeft;

    Rule(StoreOperation operation, String keyPart, int times, Fault fault) {
      this.operation = operation;
      this.keyPart = keyPart;
      this.timesLeft = times;
      this.fault = fault;
    }
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private final ObjectStore delegate;
  private final List<Rule> rules = new ArrayList<>();

  public FaultyObjectStore(ObjectStore delegate) {
    this.delegate = delegate;
  }

  /**
   * The next {@code times} such requests suffer; rules apply in the order they were given, one a
   * request.
   *
   * @param keyPart somewhere in the key (prefix of a listing, any key of a deletion); empty for all
   */
  public void inject(StoreOperation operation, String keyPart, int times, Fault fault) {
    synchronized (rules) {
      rules.add(new Rule(operation, keyPart, times, fault));
    }
  }

  /** Whether every ordered fault has happened. */
  public boolean allInjected() {
    synchronized (rules) {
      return rules.isEmpty();
    }
  }

  private Optional<Fault> next(StoreOperation operation, String key) {
    synchronized (rules) {
      for (Iterator<Rule> it = rules.iterator(); it.hasNext(); ) {
        Rule rule = it.next();
        if (rule.operation == operation && key.contains(rule.keyPart)) {
          rule.timesLeft--;
          if (rule.timesLeft == 0) {
            it.remove();
          }
          return Optional.of(rule.fault);
        }
      }
      return Optional.empty();
    }
  }

  private <T> T send(StoreOperation operation, String key, Request<T> request) throws IOException {
    return send(next(operation, key), operation, key, request);
  }

  private static <T> T send(
      Optional<Fault> fault, StoreOperation operation, String key, Request<T> request)
      throws IOException {
    String action = "Cannot " + operation + " " + key;
    if (fault.isEmpty() || fault.get() instanceof Fault.CutBody) {
      throwIfBodiless(operation, fault);
      return request.send();
    }
    if (fault.get() instanceof Fault.LoseAnswer) {
      request.send();
      throw operation.conditional()
          ? new OutcomeUnknown(action + ": the answer was lost (injected), state unknown.")
          : new StoreUnavailable(action + ": the answer was lost (injected).");
    }
    if (fault.get() instanceof Fault.HoldUntil hold) {
      await(hold);
      return request.send();
    }
    throw new StoreUnavailable(action + ": " + fault.get() + " (injected).");
  }

  private static void throwIfBodiless(StoreOperation operation, Optional<Fault> fault) {
    if (fault.isPresent() && operation != StoreOperation.OPEN) {
      throw new IllegalStateException("only bodies of GETs can be cut, not of " + operation);
    }
  }

  private static void await(Fault.HoldUntil hold) throws IOException {
    try {
      hold.latch().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while held (injected)");
    }
  }

  private ObjectBody open(ObjectLocation location, Request<ObjectBody> request) throws IOException {
    Optional<Fault> fault = next(StoreOperation.OPEN, location.key());
    ObjectBody body = send(fault, StoreOperation.OPEN, location.key(), request);
    if (fault.isPresent() && fault.get() instanceof Fault.CutBody cut) {
      InputStream shorter = new CutStream(body, cut.afterBytes());
      return new ObjectBody(location, body.range(), body.stat(), shorter, () -> {});
    }
    return body;
  }

  private static final class CutStream extends FilterInputStream {
    private long leftBytes;

    CutStream(InputStream source, long leftBytes) {
      super(source);
      this.leftBytes = leftBytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (leftBytes == 0) {
        return -1;
      }
      int count = super.read(target, offset, (int) Math.min(length, leftBytes));
      leftBytes -= Math.max(count, 0);
      return count;
    }
  }

  @Override
  public Optional<ObjectStat> stat(ObjectLocation location) throws IOException {
    return send(StoreOperation.STAT, location.key(), () -> delegate.stat(location));
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag)
      throws IOException {
    return open(location, () -> delegate.open(location, range, etag));
  }

  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    return open(location, () -> delegate.openAll(location, etag));
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) throws IOException {
    return open(location, () -> delegate.openTail(location, lastBytes));
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    return send(StoreOperation.PUT, location.key(), () -> delegate.put(location, content));
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    return send(
        StoreOperation.PUT_IF_ABSENT,
        location.key(),
        () -> delegate.putIfAbsent(location, content));
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) throws IOException {
    MultipartUpload upload =
        send(
            StoreOperation.START_MULTIPART,
            location.key(),
            () -> delegate.startMultipart(location));
    return new StartedUpload(
        this,
        location,
        upload.handle().uploadId(),
        (number, content) ->
            send(
                StoreOperation.UPLOAD_PART,
                location.key(),
                () -> upload.uploadPart(number, content)));
  }

  @Override
  public String completeMultipart(MultipartHandle handle) throws IOException {
    return send(
        StoreOperation.COMPLETE_MULTIPART,
        handle.location().key(),
        () -> delegate.completeMultipart(handle));
  }

  @Override
  public boolean completeMultipartIfAbsent(MultipartHandle handle) throws IOException {
    return send(
        StoreOperation.COMPLETE_MULTIPART_IF_ABSENT,
        handle.location().key(),
        () -> delegate.completeMultipartIfAbsent(handle));
  }

  @Override
  public void abortMultipart(MultipartHandle handle) throws IOException {
    send(
        StoreOperation.ABORT_MULTIPART,
        handle.location().key(),
        () -> {
          delegate.abortMultipart(handle);
          return handle;
        });
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    return send(
        StoreOperation.LIST, prefix, () -> delegate.list(bucket, prefix, startAfter, maxKeys));
  }

  @Override
  public List<ListedUpload> listUploads(String bucket, String prefix) throws IOException {
    return send(StoreOperation.LIST, prefix, () -> delegate.listUploads(bucket, prefix));
  }

  @Override
  public void delete(List<ObjectLocation> locations) throws IOException {
    send(
        StoreOperation.DELETE,
        locations.toString(),
        () -> {
          delegate.delete(locations);
          return locations;
        });
  }

  @Override
  public void close() {
    delegate.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The objects that the driver and the workers of one application exchange. Each ends with a message
 * authentication code of 16 bytes, made with the application's {@link RunKey}; an object without
 * the right one is {@link ObjectNotAuthentic}. So whoever may write to the bucket, and nothing
 * else, cannot make a driver or a worker load a class or believe a response.
 *
 * <p>Objects are written and read whole; reading a part is refused, because a part cannot be
 * verified. Lengths in {@link #stat} and listings include the code. No more requests than without
 * it. Thread-safe; closes nothing.
 */
@Internal
public final class SealedStore extends ForwardingObjectStore {
  private final ObjectStore store;
  private final RunKey key;

  /**
   * @param store has the objects; belongs to the caller
   */
  public SealedStore(ObjectStore store, RunKey key) {
    this.store = store;
    this.key = key;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  @Override
  public String put(ObjectLocation location, ObjectContent content) throws IOException {
    return store.put(location, new Sealed(key, location, content));
  }

  @Override
  public boolean putIfAbsent(ObjectLocation location, ObjectContent content) throws IOException {
    return store.putIfAbsent(location, new Sealed(key, location, content));
  }

  /**
   * A whole object. Its last bytes are given only after the code has been verified.
   *
   * @throws ObjectNotAuthentic here or by the body
   */
  @Override
  public ObjectBody openAll(ObjectLocation location, Optional<String> etag) throws IOException {
    ObjectBody sealed = store.openAll(location, etag);
    long contentBytes = sealed.range().lengthBytes() - SipHash.CODE_BYTES;
    if (contentBytes < 0) {
      sealed.close();
      throw new ObjectNotAuthentic(location, "it ends before its authentication code");
    }
    Verifying verifying = new Verifying(location, sealed, contentBytes, key.mac(location));
    if (contentBytes == 0) {
      verifying.verify();
    }
    return new ObjectBody(
        location, new ByteRange(0, contentBytes), sealed.stat(), verifying, () -> {});
  }

  @Override
  public ObjectBody open(ObjectLocation location, ByteRange range, Optional<String> etag) {
    throw noPart(location);
  }

  @Override
  public ObjectBody openTail(ObjectLocation location, long lastBytes) {
    throw noPart(location);
  }

  @Override
  public MultipartUpload startMultipart(ObjectLocation location) {
    throw noPart(location);
  }

  private static UnsupportedOperationException noPart(ObjectLocation location) {
    return new UnsupportedOperationException(
        "A part of " + location + " cannot be verified; read and write it whole");
  }

  /** The content, and then its code. */
  private record Sealed(RunKey key, ObjectLocation location, ObjectContent content)
      implements ObjectContent {
    @Override
    public long lengthBytes() {
      return content.lengthBytes() + SipHash.CODE_BYTES;
    }

    @Override
    public InputStream open() throws IOException {
      return new Sealing(content.open(), key.mac(location));
    }
  }

  private static final class Sealing extends InputStream {
    private final InputStream content;
    private final SipHash mac;
    private byte[] code = new byte[0];
    private int codeRead;
    private boolean ended;

    Sealing(InputStream content, SipHash mac) {
      this.content = content;
      this.mac = mac;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!ended) {
        int count = content.read(target, offset, length);
        if (count >= 0) {
          mac.update(target, offset, count);
          return count;
        }
        ended = true;
        code = mac.code();
      }
      int count = Math.min(length, code.length - codeRead);
      if (count == 0) {
        return -1;
      }
      System.arraycopy(code, codeRead, target, offset, count);
      codeRead += count;
      return count;
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }

  private static final class Verifying extends InputStream {
    private final ObjectLocation location;
    private final InputStream sealed;
    private final SipHash mac;
    private long remainingBytes;

    Verifying(ObjectLocation location, InputStream sealed, long contentBytes, SipHash mac) {
      this.location = location;
      this.sealed = sealed;
      this.remainingBytes = contentBytes;
      this.mac = mac;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (remainingBytes == 0) {
        return -1;
      }
      int count = sealed.read(target, offset, (int) Math.min(length, remainingBytes));
      if (count < 0) {
        throw new ObjectNotAuthentic(location, "it ends before its authentication code");
      }
      mac.update(target, offset, count);
      remainingBytes -= count;
      if (remainingBytes == 0) {
        verify();
      }
      return count;
    }

    void verify() throws IOException {
      if (!MessageDigest.isEqual(mac.code(), sealed.readAllBytes())) {
        throw new ObjectNotAuthentic(location, "its authentication code is wrong");
      }
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(remainingBytes, sealed.available());
    }

    @Override
    public void close() throws IOException {
      sealed.close();
    }
  }
}

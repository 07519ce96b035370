package io.letsdata.cli.demo;

import io.letsdata.store.MultipartUpload;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Streams into one object: a single PUT when it fits into one part, else a multipart upload. Holds
 * one part in memory.
 *
 * <p>Nothing is visible before {@link #publish}; closing without it aborts. Not thread-safe.
 */
final class ObjectOutput extends OutputStream {
  /** S3 asks for 5 MiB a part, the last one excepted; 10,000 parts of 8 MiB are 80 GB. */
  static final int PART_BYTES = 8 * 1024 * 1024;

  private final ObjectStore store;
  private final ObjectLocation location;
  private final byte[] part = new byte[PART_BYTES];
  private int filled;
  private int parts;
  private @Nullable MultipartUpload upload;
  private boolean published;

  ObjectOutput(ObjectStore store, ObjectLocation location) {
    this.store = store;
    this.location = location;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    for (int done = 0; done < count; ) {
      if (filled == part.length) {
        uploadPart();
      }
      int chunk = Math.min(count - done, part.length - filled);
      System.arraycopy(bytes, offset + done, part, filled, chunk);
      filled += chunk;
      done += chunk;
    }
  }

  /** Makes the object visible: one PUT, or one part and one POST. Returns its etag. */
  String publish() throws IOException {
    String etag;
    if (upload == null) {
      etag = store.put(location, ObjectContent.of(part, 0, filled));
    } else {
      uploadPart();
      etag = upload.complete();
    }
    published = true;
    return etag;
  }

  @Override
  public void close() throws IOException {
    if (!published && upload != null) {
      upload.abort();
    }
  }

  private void uploadPart() throws IOException {
    MultipartUpload running = upload == null ? store.startMultipart(location) : upload;
    upload = running;
    parts++;
    running.uploadPart(parts, ObjectContent.of(part, 0, filled));
    filled = 0;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.request.TruncatedBodies;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.BodyTruncated;
import io.letsdata.store.BucketNotFound;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ObjectBody;
import io.letsdata.store.ObjectChanged;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreException;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one planned range into memory, completely or not at all. Thread-safe.
 *
 * <p>The store retries failures before a body begins; this class continues bodies that break off:
 * at most {@value TruncatedBodies#MAX_TRIES} bodies a range, each continuing where the last one
 * ended. Wrong bytes are requested once more.
 */
final class RangeReader {
  private static final int READ_BYTES = 64 << 10;

  private final ObjectStore store;

  RangeReader(ObjectStore store) {
    this.store = store;
  }

  /**
   * One GET when nothing breaks, none when the bytes came inline. Whole segments are verified;
   * {@link SliceStream} verifies slices.
   *
   * @param cancelled asked between reads of at most 64 KiB
   * @throws SegmentUnavailable when the object is missing, too short, or wrong twice
   * @throws MergedUnavailable when a merged object is, or does not come for another reason
   * @throws IOException when the store does not answer, or bodies keep breaking off
   */
  byte[] read(FetchPlan.Request request, BooleanSupplier cancelled) throws IOException {
    if (!request.isMerged()) {
      return verified(request, cancelled);
    }
    try {
      return verified(request, cancelled);
    } catch (MergedUnavailable | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      // If the store itself fails, the outputs' own objects will say so.
      throw new MergedUnavailable(request, request.segments(), null, e);
    }
  }

  private byte[] verified(FetchPlan.Request request, BooleanSupplier cancelled) throws IOException {
    byte[] bytes = fetch(request, cancelled);
    List<FetchPlan.PlacedSegment> wrong = wrong(request, bytes);
    if (!wrong.isEmpty()) {
      bytes = fetch(request, cancelled);
      wrong = wrong(request, bytes);
    }
    if (wrong.isEmpty()) {
      return bytes;
    }
    if (request.isMerged()) {
      throw new MergedUnavailable(request, wrong, bytes, null);
    }
    Segment first = wrong.get(0).segment();
    throw new SegmentUnavailable(
        request.segments().get(0).wanted(),
        first.partition(),
        "the checksum of " + range(first.start(), first.end()) + " is wrong",
        null);
  }

  private byte[] fetch(FetchPlan.Request request, BooleanSupplier cancelled) throws IOException {
    byte[] inline = request.inline();
    if (inline != null) {
      return Arrays.copyOfRange(inline, (int) request.start(), (int) request.end());
    }
    byte[] bytes = new byte[request.lengthBytes()];
    Progress progress = new Progress();
    for (int attempt = 1; ; attempt++) {
      try {
        fetchRest(request, bytes, progress, cancelled);
        return bytes;
      } catch (ObjectNotFound | ObjectChanged e) {
        throw unavailable(request, "the object is missing or another one", e);
      } catch (BodyTruncated e) {
        if (attempt == TruncatedBodies.MAX_TRIES) {
          throw e;
        }
      } catch (AccessDenied | BucketNotFound | StoreUnavailable e) {
        throw e;
      } catch (StoreException e) {
        throw explain(request, e);
      }
    }
  }

  private void fetchRest(
      FetchPlan.Request request, byte[] bytes, Progress progress, BooleanSupplier cancelled)
      throws IOException {
    ObjectLocation object = request.object();
    ByteRange rest = new ByteRange(request.start() + progress.filled, request.end());
    try (ObjectBody body = store.open(object, rest, progress.etag)) {
      progress.etag = Optional.of(body.stat().etag());
      if (body.range().end() < request.end()) {
        throw tooShort(request, body.stat().lengthBytes(), null);
      }
      while (progress.filled < bytes.length) {
        if (cancelled.getAsBoolean()) {
          throw new InterruptedIOException(
              "Cannot read " + object + " " + rest + ": the task has ended.");
        }
        int count =
            body.read(bytes, progress.filled, Math.min(READ_BYTES, bytes.length - progress.filled));
        if (count < 0) {
          throw new BodyTruncated(
              "Cannot read " + object + " " + rest + ": the body ended early. Read it again.");
        }
        progress.filled += count;
      }
    }
  }

  /** An unclear refusal may mean that the range begins after the object's end. */
  private IOException explain(FetchPlan.Request request, StoreException refusal)
      throws IOException {
    Optional<ObjectStat> stat = store.stat(request.object());
    if (stat.isEmpty()) {
      return unavailable(request, "the object is missing", refusal);
    }
    return stat.get().lengthBytes() < request.end()
        ? tooShort(request, stat.get().lengthBytes(), refusal)
        : refusal;
  }

  private static List<FetchPlan.PlacedSegment> wrong(FetchPlan.Request request, byte[] bytes) {
    List<FetchPlan.PlacedSegment> wrong = new ArrayList<>(0);
    if (request.isWhole()) {
      for (FetchPlan.PlacedSegment placed : request.segments()) {
        Segment segment = placed.segment();
        int offset = Math.toIntExact(placed.position() - request.start());
        if (MapObject.crc32c(bytes, offset, Math.toIntExact(segment.lengthBytes()))
            != segment.crc32c()) {
          wrong.add(placed);
        }
      }
    }
    return wrong;
  }

  private static SegmentUnavailable tooShort(
      FetchPlan.Request request, long objectBytes, @Nullable Throwable cause) {
    String why =
        range(request.start(), request.end())
            + " is needed, the object has "
            + objectBytes
            + " bytes";
    return unavailable(request, why, cause);
  }

  private static SegmentUnavailable unavailable(
      FetchPlan.Request request, String why, @Nullable Throwable cause) {
    return new SegmentUnavailable(
        request.segments().get(0).wanted(),
        request.segments().get(0).segment().partition(),
        why,
        cause);
  }

  private static String range(long start, long end) {
    return new ByteRange(start, end).toString();
  }

  private static final class Progress {
    int filled;
    Optional<String> etag = Optional.empty();
  }
}

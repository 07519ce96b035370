// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.request.Interruptibly;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's way to the driver's {@link OffsetsEndpoint}. No request to the store besides the
 * tables' own; one message a map output, and one a shuffle and executor. Tasks of one shuffle wait
 * for one answer together, those of others do not wait for it. Thread-safe.
 */
@Internal
public final class OffsetsClient {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetsClient.class);
  private static final int MAX_TABLES = 64;

  /** Sends a message and waits for its answer. */
  public interface Channel {
    byte[] ask(byte[] message) throws IOException;
  }

  /** The driver's answer; the table's header is at hand. */
  private record Answer(OffsetsTable table, Optional<ObjectLocation> location) {}

  private final Channel driver;
  private final Executor executor;

  /** Empty answers and failures are not kept: the next task asks again. */
  private final Map<Integer, CompletableFuture<Optional<Answer>>> asked =
      new LinkedHashMap<>(16, 0.75f, true);

  /** Waits for answers on {@code executor}'s threads, which must not be those of tasks. */
  public OffsetsClient(Channel driver, Executor executor) {
    this.driver = driver;
    this.executor = executor;
  }

  /**
   * Returns once the driver has the report.
   *
   * @throws IOException when the driver did not confirm it
   */
  public void report(MapReport report) throws IOException {
    byte[] body = report.encode();
    byte[] unused =
        driver.ask(
            ByteBuffer.allocate(1 + body.length).put(OffsetsEndpoint.REPORT).put(body).array());
  }

  /**
   * The driver's table of a shuffle, asked for once, and again when an output is wanted that the
   * table at hand does not name.
   *
   * @param whileWaiting called about ten times a second; may throw to give up
   * @return absent when it is in the store, cannot be read there, and the driver has no other
   */
  public Optional<OffsetsTable> table(
      ObjectStore store, int shuffleId, List<MapRef> wanted, Runnable whileWaiting)
      throws IOException {
    CompletableFuture<Optional<Answer>> first;
    synchronized (asked) {
      first = asked.get(shuffleId);
      if (first == null) {
        first = ask(store, shuffleId, Optional.empty());
      }
    }
    Optional<Answer> answer = join(first, whileWaiting);
    if (answer.isPresent() && !answer.get().table().names(wanted)) {
      CompletableFuture<Optional<Answer>> newer;
      synchronized (asked) {
        newer = asked.get(shuffleId);
        if (newer == null || newer == first) {
          newer = ask(store, shuffleId, Optional.empty());
        }
      }
      answer = join(newer, whileWaiting);
    }
    return answer.map(Answer::table);
  }

  /**
   * Another table than one that cannot be read; the driver is asked for it once by all tasks.
   *
   * @return absent when there is none
   */
  public Optional<OffsetsTable> instead(
      ObjectStore store, int shuffleId, OffsetsTable unreadable, Runnable whileWaiting)
      throws IOException {
    CompletableFuture<Optional<Answer>> other;
    synchronized (asked) {
      other = asked.get(shuffleId);
      Optional<Answer> known =
          other == null || !other.isDone() || other.isCompletedExceptionally()
              ? Optional.empty()
              : other.join();
      if (other == null || known.filter(each -> each.table() == unreadable).isPresent()) {
        other = ask(store, shuffleId, known.flatMap(Answer::location));
      }
    }
    return join(other, whileWaiting).map(Answer::table);
  }

  /** Begins to ask; the caller holds the lock. */
  private CompletableFuture<Optional<Answer>> ask(
      ObjectStore store, int shuffleId, Optional<ObjectLocation> lost) {
    CompletableFuture<Optional<Answer>> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return load(store, shuffleId, lost);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            executor);
    asked.put(shuffleId, answer);
    if (asked.size() > MAX_TABLES) {
      asked.remove(asked.keySet().iterator().next());
    }
    var unused =
        answer.whenComplete(
            (given, failure) -> {
              if (failure != null || given.isEmpty()) {
                synchronized (asked) {
                  asked.remove(shuffleId, answer);
                }
              }
            });
    return answer;
  }

  private Optional<Answer> load(ObjectStore store, int shuffleId, Optional<ObjectLocation> lost)
      throws IOException {
    byte[] of = lost.map(ObjectLocation::toString).orElse("").getBytes(StandardCharsets.UTF_8);
    byte[] message =
        ByteBuffer.allocate(5 + of.length)
            .put(OffsetsEndpoint.TABLE)
            .putInt(shuffleId)
            .put(of)
            .array();
    byte[] given = driver.ask(message);
    byte[] body = Arrays.copyOfRange(given, 1, given.length);
    if (given[0] == OffsetsEndpoint.INLINE) {
      return Optional.of(new Answer(OffsetsTable.of(body), Optional.empty()));
    }
    ObjectLocation location = ObjectLocation.parse(new String(body, StandardCharsets.UTF_8));
    if (lost.equals(Optional.of(location))) {
      return Optional.empty(); // it has been recreated often enough
    }
    OffsetsTable table = OffsetsTable.at(store, location);
    try {
      boolean unused = table.names(List.of()); // reads the header, here and not on a task's thread
      return Optional.of(new Answer(table, Optional.of(location)));
    } catch (IOException e) {
      LOG.warn("Cannot read the offsets of shuffle {} at {}", shuffleId, location, e);
      return lost.isPresent() ? Optional.empty() : load(store, shuffleId, Optional.of(location));
    }
  }

  private static <T> T join(Future<T> answer, Runnable whileWaiting) throws IOException {
    return Interruptibly.await(
        "ask the driver for shuffle offsets", whileWaiting, millis -> within(answer, millis));
  }

  private static <T> Optional<T> within(Future<T> answer, long millis)
      throws IOException, InterruptedException {
    try {
      return Optional.of(answer.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof UncheckedIOException io ? io.getCause() : e.getCause();
      throw new IOException(
          cause instanceof IOException
              ? cause.getMessage()
              : "Cannot ask the driver for shuffle offsets: " + cause + ".",
          cause);
    }
  }
}

package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.ExchangePlan;
import io.letsdata.shuffle.ExchangePrices;
import io.letsdata.shuffle.ExchangeShape;
import io.letsdata.shuffle.MapRef;
import io.letsdata.shuffle.MapReport;
import io.letsdata.shuffle.ShuffleOffsets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEnv;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where executors report what they wrote and ask for what others wrote. Messages are byte arrays:
 * whoever deserializes them needs no class of ours. Thread-safe; Spark's RPC environment owns it.
 *
 * <p>{@code 1, report} is answered by an empty array once the driver has it. {@code 2, shuffle id}
 * is answered by {@code 1, table} or {@code 2, location}.
 */
final class OffsetsEndpoint implements RpcEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetsEndpoint.class);
  static final String NAME = "LetsDataShuffleOffsets";
  static final byte REPORT = 1;
  static final byte TABLE = 2;
  static final byte INLINE = 1;
  static final byte STORED = 2;
  private static final int MAX_ANSWERS = 64;

  private final RpcEnv rpcEnv;
  private final S3ShuffleManager manager;
  private final Executor executor;

  /** The last answer for each shuffle; the least recently asked goes first. */
  private final Map<Integer, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);

  @SuppressWarnings("ArrayRecordComponent") // private carrier; never compared
  private record Answer(List<MapRef> winners, byte[] bytes) {}

  /** Work that may ask the store runs on {@code executor}: Spark's own messages must not wait. */
  OffsetsEndpoint(RpcEnv rpcEnv, S3ShuffleManager manager, Executor executor) {
    this.rpcEnv = rpcEnv;
    this.manager = manager;
    this.executor = executor;
  }

  @Override
  public RpcEnv rpcEnv() {
    return rpcEnv;
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public BoxedUnit apply(Object message) {
        executor.execute(() -> answer((byte[]) message, context));
        return BoxedUnit.UNIT;
      }
    };
  }

  private void answer(byte[] message, RpcCallContext context) {
    try {
      ByteBuffer body = ByteBuffer.wrap(message, 1, message.length - 1).slice();
      context.reply(message[0] == REPORT ? report(body) : table(body.getInt()));
    } catch (IOException | RuntimeException e) {
      context.sendFailure(e);
    }
  }

  private byte[] report(ByteBuffer body) throws IOException {
    byte[] report = new byte[body.remaining()];
    body.get(report);
    manager.driverOffsets().add(MapReport.decode(report));
    return new byte[0];
  }

  /** One at a time: many executors ask for the same shuffle at once, and one table does for all. */
  private synchronized byte[] table(int shuffleId) throws IOException {
    List<MapRef> winners = S3ShuffleDriverComponents.tracked(shuffleId);
    @Nullable Answer known = answers.get(shuffleId);
    if (known == null || !known.winners().equals(winners)) {
      known = new Answer(winners, make(shuffleId, winners));
      answers.put(shuffleId, known);
      if (answers.size() > MAX_ANSWERS) {
        answers.remove(answers.keySet().iterator().next());
      }
    }
    return known.bytes();
  }

  private byte[] make(int shuffleId, List<MapRef> winners) throws IOException {
    ShuffleOffsets offsets = manager.driverOffsets();
    // Nobody says here how many tasks will read, nor how many at once: at most one a segment.
    ExchangeShape shape = offsets.shape(shuffleId, winners, Integer.MAX_VALUE);
    ExchangePlan plan =
        ExchangePlan.choose(shape, manager.exchangeOptions(), ExchangePrices.withoutFunction());
    LOG.info(
        "Shuffle {}: {}, at most {} GETs; there is no function that could merge",
        shuffleId,
        plan.kind(),
        plan.chosen().gets());
    byte[] table = offsets.table(shuffleId, winners);
    boolean small = table.length <= offsets.bounds().payloadBytes();
    byte[] body =
        small
            ? table
            : offsets.publish(shuffleId, table).toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + body.length).put(small ? INLINE : STORED).put(body).array();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Takes reports of map outputs from executors, and gives them offsets tables. Messages are byte
 * arrays: they are deserialized without our classes. Thread-safe; Spark's RPC environment owns it.
 *
 * <p>{@code 1, report} is answered by an empty array once the driver has it. {@code 2, shuffle id},
 * and, where a table cannot be read, {@code 2, shuffle id, its location}, is answered by {@code 1,
 * table} or {@code 2, location}.
 */
@Internal
public final class OffsetsEndpoint implements RpcEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetsEndpoint.class);
  public static final String NAME = "LetsDataShuffleOffsets";
  static final byte REPORT = 1;
  static final byte TABLE = 2;
  static final byte INLINE = 1;
  static final byte STORED = 2;
  private static final long MAX_ANSWER_BYTES = 16 << 20;

  /** Readers that still cannot read a table after so many attempts read footers. */
  private static final int MAX_AGAIN = 3;

  private final RpcEnv rpcEnv;
  private final OutputRegistry registry;
  private final PlanLog plans;
  private final Executor executor;

  private final OffsetsAnswers answers = new OffsetsAnswers(MAX_ANSWER_BYTES);

  /** Work that may ask the store runs on {@code executor}: Spark's own messages must not wait. */
  public OffsetsEndpoint(RpcEnv rpcEnv, OutputRegistry registry, PlanLog plans, Executor executor) {
    this.rpcEnv = rpcEnv;
    this.registry = registry;
    this.plans = plans;
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
      context.reply(message[0] == REPORT ? report(body) : table(body.getInt(), rest(body)));
    } catch (IOException | RuntimeException e) {
      context.sendFailure(e);
    }
  }

  private byte[] report(ByteBuffer body) throws IOException {
    registry.add(rest(body));
    return new byte[0];
  }

  private static byte[] rest(ByteBuffer body) {
    byte[] rest = new byte[body.remaining()];
    body.get(rest);
    return rest;
  }

  /** A shuffle is removed. */
  public void forget(int shuffleId) {
    answers.forget(shuffleId);
  }

  /**
   * One at a time: many executors ask for the same shuffle at once, and one table does for all.
   *
   * @param lost location of a table that the reader cannot read; empty when it has none
   */
  private synchronized byte[] table(int shuffleId, byte[] lost) {
    List<MapRef> winners = TrackedOutputs.of(shuffleId);
    String digest = OffsetsAnswers.digest(winners);
    OffsetsAnswers.Answer known = answers.find(shuffleId, digest).orElse(null);
    boolean isLost =
        known != null
            && known.bytes()[0] == STORED
            && Arrays.equals(known.bytes(), 1, known.bytes().length, lost, 0, lost.length);
    if (known == null || (isLost && known.again() < MAX_AGAIN)) {
      int again = known == null ? 0 : known.again() + 1;
      known = new OffsetsAnswers.Answer(digest, make(shuffleId, winners), again);
      answers.put(shuffleId, known);
    }
    return known.bytes();
  }

  private byte[] make(int shuffleId, List<MapRef> winners) {
    plans.reading(shuffleId, () -> winners);
    byte[] table = registry.tables().table(shuffleId, winners);
    if (table.length <= registry.bounds().payloadBytes()) {
      return answer(INLINE, table);
    }
    try {
      ObjectLocation location = registry.tables().publish(shuffleId, table);
      return answer(STORED, location.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("Cannot store offsets of shuffle {}: its readers will read footers", shuffleId, e);
      return answer(INLINE, registry.tables().tableWithFooters(shuffleId, winners));
    }
  }

  private static byte[] answer(byte kind, byte[] body) {
    return ByteBuffer.allocate(1 + body.length).put(kind).put(body).array();
  }
}

package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.MapRef;
import io.letsdata.shuffle.MapReport;
import io.letsdata.shuffle.OffsetsTable;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.util.RpcUtils;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/**
 * An executor's way to the driver's {@link OffsetsEndpoint}. No request to the store; one message a
 * map output, and one a shuffle and executor. Thread-safe.
 */
final class DriverOffsets {
  private static final int MAX_TABLES = 64;

  private final SparkConf conf;
  private final Map<Integer, OffsetsTable> tables = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable RpcEndpointRef endpoint;

  DriverOffsets(SparkConf conf) {
    this.conf = conf;
  }

  /**
   * Returns once the driver has the report.
   *
   * @throws IOException when it has not, or does not say so
   */
  void report(MapReport report) throws IOException {
    byte[] unused = ask(OffsetsEndpoint.REPORT, report.encode());
  }

  /**
   * The driver's table of a shuffle, asked for once, and again when an output is wanted that the
   * table at hand does not name.
   */
  Optional<OffsetsTable> table(ObjectStore store, int shuffleId, List<MapRef> wanted)
      throws IOException {
    OffsetsTable table;
    synchronized (tables) {
      table = tables.get(shuffleId);
      if (table == null || !table.names(wanted)) {
        table = ask(store, shuffleId);
        tables.put(shuffleId, table);
        if (tables.size() > MAX_TABLES) {
          tables.remove(tables.keySet().iterator().next());
        }
      }
    }
    return Optional.of(table);
  }

  private OffsetsTable ask(ObjectStore store, int shuffleId) throws IOException {
    byte[] answer = ask(OffsetsEndpoint.TABLE, ByteBuffer.allocate(4).putInt(shuffleId).array());
    byte[] body = Arrays.copyOfRange(answer, 1, answer.length);
    return answer[0] == OffsetsEndpoint.STORED
        ? OffsetsTable.at(store, ObjectLocation.parse(new String(body, StandardCharsets.UTF_8)))
        : OffsetsTable.of(body);
  }

  private byte[] ask(byte kind, byte[] body) throws IOException {
    byte[] message = ByteBuffer.allocate(1 + body.length).put(kind).put(body).array();
    try {
      return ask(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot ask the driver for shuffle offsets: interrupted.");
    } catch (Exception e) { // SparkException, which Scala does not declare
      throw new IOException(
          "Cannot ask the driver for shuffle offsets: " + e + ". The task will be tried again.", e);
    }
  }

  @SuppressWarnings("RedundantThrows") // Scala's askSync declares none of them
  private byte[] ask(byte[] message) throws Exception {
    return (byte[]) endpoint().askSync(message, ClassTag$.MODULE$.Any());
  }

  private synchronized RpcEndpointRef endpoint() {
    RpcEndpointRef known = endpoint;
    if (known == null) {
      known = RpcUtils.makeDriverRef(OffsetsEndpoint.NAME, conf, SparkEnv.get().rpcEnv());
      endpoint = known;
    }
    return known;
  }
}

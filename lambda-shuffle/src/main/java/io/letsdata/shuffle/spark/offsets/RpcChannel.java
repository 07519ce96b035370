// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.offsets;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.util.RpcUtils;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/** The driver at the other end of Spark's RPC, found with the first message. Thread-safe. */
@Internal
public final class RpcChannel implements OffsetsClient.Channel {
  private final SparkConf conf;
  private @Nullable RpcEndpointRef endpoint;

  public RpcChannel(SparkConf conf) {
    this.conf = conf;
  }

  @Override
  public byte[] ask(byte[] message) throws IOException {
    try {
      return send(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot ask the driver for shuffle offsets: interrupted.");
    } catch (Exception e) { // SparkException, which Scala does not declare
      throw new IOException(
          "Cannot ask the driver for shuffle offsets: " + e + ". The task will be tried again.", e);
    }
  }

  @SuppressWarnings("RedundantThrows") // Scala's askSync declares none of them
  private byte[] send(byte[] message) throws Exception {
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

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcEnvFileServer;
import org.apache.spark.rpc.RpcTimeout;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.reflect.ClassTag;

/**
 * An RPC environment without a socket: each endpoint of the driver that an executor talks to is a
 * local function; a message to an unknown one fails with its name. Thread-safe.
 */
final class DriverlessRpcEnv extends RpcEnv {
  private static final RpcAddress ADDRESS = new RpcAddress("worker.invalid", 1);

  private final SparkConf conf;
  private final Function<String, ReadableByteChannel> files;
  private final Map<String, Function<Object, Object>> endpoints = new ConcurrentHashMap<>();

  /**
   * @param files opens the files that the driver serves under {@code spark://}
   */
  DriverlessRpcEnv(SparkConf conf, Function<String, ReadableByteChannel> files) {
    super(conf);
    this.conf = conf;
    this.files = files;
  }

  /** Handles messages to the driver's endpoint {@code name} with {@code function}. */
  void handle(String name, Function<Object, Object> function) {
    endpoints.put(name, function);
  }

  RpcEndpointRef ref(String name) {
    return new LocalRef(conf, name, this);
  }

  private Object ask(String name, Object message) {
    Function<Object, Object> endpoint = endpoints.get(name);
    if (endpoint == null) {
      throw new UnsupportedOperationException(
          "Cannot ask the driver's endpoint '"
              + name
              + "' for "
              + message
              + ": a Lambda worker has no connection to the driver.");
    }
    return endpoint.apply(message);
  }

  @Override
  public RpcEndpointRef endpointRef(RpcEndpoint endpoint) {
    return ref("anonymous");
  }

  @Override
  public RpcAddress address() {
    return ADDRESS;
  }

  @Override
  public RpcEndpointRef setupEndpoint(String name, RpcEndpoint endpoint) {
    return ref(name);
  }

  @Override
  public Future<RpcEndpointRef> asyncSetupEndpointRefByURI(String uri) {
    return Future$.MODULE$.successful(ref(RpcEndpointAddress.apply(uri).name()));
  }

  @Override
  public void stop(RpcEndpointRef endpoint) {}

  @Override
  public void shutdown() {}

  @Override
  public void awaitTermination() {}

  @Override
  public <T> T deserialize(Function0<T> action) {
    return action.apply();
  }

  @Override
  @SuppressWarnings("NullAway") // Spark's interface has null for an executor, RpcEnv.scala
  public @Nullable RpcEnvFileServer fileServer() {
    return null;
  }

  @Override
  public ReadableByteChannel openChannel(String uri) {
    return files.apply(uri);
  }

  private static final class LocalRef extends RpcEndpointRef {
    private final String name;
    private final transient DriverlessRpcEnv env;

    LocalRef(SparkConf conf, String name, DriverlessRpcEnv env) {
      super(conf);
      this.name = name;
      this.env = env;
    }

    @Override
    public RpcAddress address() {
      return ADDRESS;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void send(Object message) {
      var unused = env.ask(name, message);
    }

    @Override
    @SuppressWarnings("unchecked") // each endpoint replies with the type that its callers expect
    public <T> Future<T> ask(Object message, RpcTimeout timeout, ClassTag<T> type) {
      try {
        return (Future<T>) Future$.MODULE$.successful(env.ask(name, message));
      } catch (RuntimeException e) {
        return (Future<T>) (Future<?>) Future$.MODULE$.failed(e);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * The address on which the driver listens. No worker connects to a driver, so its RPC server, its
 * block manager and its UI belong on the loopback interface unless the user chose an address. Pure,
 * but for the look-up of a host's name.
 *
 * <p>Spark binds the RPC server and the UI before it asks any cluster manager (SparkContext,
 * 3.5.9). The block manager takes the address of the RPC server.
 */
@Internal
public final class DriverAddress {
  /** The setting with the address that Spark binds; absent, it binds {@link #HOST}. */
  public static final String BIND = "spark.driver.bindAddress";

  /** The setting with the driver's name for others; by default the outer address of the machine. */
  public static final String HOST = "spark.driver.host";

  /** The environment variable with the address of the UI, and the default of {@link #HOST}. */
  public static final String LOCAL_IP = "SPARK_LOCAL_IP";

  /** The address that only this machine can reach. */
  public static final String LOOPBACK = "127.0.0.1";

  private DriverAddress() {}

  /** The settings with which RPC server and block manager listen on the loopback interface. */
  public static Map<String, String> loopback() {
    return Map.of(BIND, LOOPBACK, HOST, LOOPBACK);
  }

  /**
   * Refuses a driver that others can reach and whose address nobody chose.
   *
   * @param conf of a context, which has set {@link #HOST}
   * @param localIp the value of {@link #LOCAL_IP} in the driver's environment
   * @throws UserErrorException when Spark took the machine's outer address by default
   */
  public static void check(SparkConf conf, Optional<String> localIp) {
    if (conf.contains(BIND) || localIp.isPresent() || isLoopback(conf)) {
      return;
    }
    throw new UserErrorException(
        "Cannot start: the driver listens on "
            + conf.get(HOST)
            + ", where others can reach it, and no worker connects to it. Set "
            + BIND
            + " and "
            + HOST
            + " to "
            + LOOPBACK
            + ", or "
            + BIND
            + " to the address that you want.");
  }

  /** Whether the RPC server and the block manager of this context are on the loopback interface. */
  public static boolean isLoopback(SparkConf conf) {
    return isLoopback(conf.get(BIND, conf.get(HOST, LOOPBACK)));
  }

  /** Whether the name or address is of the loopback interface. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}

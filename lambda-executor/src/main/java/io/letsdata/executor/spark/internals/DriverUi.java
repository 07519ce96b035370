// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.internals;

import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import java.net.InetAddress;
import org.apache.spark.SparkContext;
import org.apache.spark.ui.ServerInfo;
import org.apache.spark.ui.SparkUI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkproject.jetty.server.Connector;
import org.sparkproject.jetty.server.ServerConnector;
import scala.Option;

/**
 * The web server of a driver's UI. Spark binds it to all interfaces unless SPARK_LOCAL_IP is in the
 * environment (WebUI.initServer, 3.5.9); no setting of a session changes that. Stateless.
 */
@Internal
public final class DriverUi {
  private static final Logger LOG = LoggerFactory.getLogger(DriverUi.class);

  private DriverUi() {}

  /**
   * Makes the UI listen on the loopback interface, on the port that it has. Open connections of
   * browsers are closed. Nothing happens when the context has no UI.
   *
   * @throws UserErrorException when the port is taken on the loopback interface
   */
  public static void moveToLoopback(SparkContext context) {
    Option<SparkUI> ui = context.ui();
    if (ui.isEmpty()) {
      return;
    }
    Option<ServerInfo> server = ui.get().serverInfo();
    if (server.isDefined()) {
      for (Connector connector : server.get().server().getConnectors()) {
        if (connector instanceof ServerConnector socket) {
          move(socket);
        }
      }
    }
  }

  private static void move(ServerConnector socket) {
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    int port = socket.getLocalPort();
    try {
      socket.stop();
      socket.setHost(loopback);
      socket.setPort(port);
      socket.start();
      LOG.info("The UI listens on {}:{}", loopback, port);
    } catch (Exception e) { // as Jetty declares it
      throw new UserErrorException(
          "Cannot start: the UI cannot listen on "
              + loopback
              + ":"
              + port
              + ": "
              + e.getMessage()
              + ". Set spark.ui.port to a free port, or spark.ui.enabled to false.",
          e);
    }
  }
}

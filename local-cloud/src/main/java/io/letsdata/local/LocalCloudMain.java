// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The stand-in's process. Its one argument is a configuration that {@link LocalCloud} wrote; it
 * prints one JSON line when it serves and ends on SIGTERM, SIGINT or when its owner's process ends.
 */
@Internal
public final class LocalCloudMain {

  private LocalCloudMain() {}

  /** Serves until the process gets a signal or its owner ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 1) {
      System.err.println("usage: LocalCloudMain <configuration file>");
      System.exit(2);
    }
    // Without nodelay the delayed acknowledgements of both sides cost 40 ms a call. Idle
    // connections live as long as behind a NAT
    // gateway (350 s); the server's default, 30 s and 200 connections, would cut the pools of SDK
    // clients.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.idleInterval", "350");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
    StackConfig config = StackConfig.read(Path.of(arguments[0]));
    CountDownLatch ended = new CountDownLatch(1);
    // Before anything is started: when the owner has ended already, so does this process.
    if (config.ownerPid() != 0) {
      watch(config.ownerPid(), ended);
    }
    LocalServices stack;
    try {
      stack = LocalServices.start(config);
    } catch (IOException | RuntimeException e) {
      System.out.println(ReadyLine.failed(String.valueOf(e)).toJson());
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "close"));
    System.out.println(stack.readyLine().toJson());
    System.out.flush();
    ended.await();
    System.exit(0);
  }

  private static void watch(long ownerPid, CountDownLatch ended) {
    ProcessHandle.of(ownerPid)
        .ifPresentOrElse(
            owner -> {
              var unused = owner.onExit().thenRun(ended::countDown);
            },
            ended::countDown);
    // The JDK looks for processes that are not our children every few seconds only. The owner holds
    // our standard input open as well.
    Thread input = new Thread(() -> awaitEndOfInput(ended), "owner");
    input.setDaemon(true);
    input.start();
  }

  private static void awaitEndOfInput(CountDownLatch ended) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    } catch (IOException e) {
      // Like the end.
    }
    ended.countDown();
  }
}

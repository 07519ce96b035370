// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.local.admin.EnvironmentInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who talks to whom, read from the kernel's own tables. */
@Tag("faults")
final class ConnectionsIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
  private static SparkSession spark = LambdaStack.session(STACK.lambdaConf());

  private record Socket(int localPort, int remotePort) {}

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void noWorkerEverConnectsToTheDriver() throws IOException {
    CompletableFuture<Long> job =
        CompletableFuture.supplyAsync(
            () ->
                spark
                    .range(0, 200_000, 1, 8)
                    .selectExpr("id % 100 as k", "id as v")
                    .groupBy("k")
                    .sum("v")
                    .repartition(4)
                    .count());

    Set<Integer> workersReach = new HashSet<>();
    Set<Integer> workersOwn = new HashSet<>();
    Set<Integer> driverOwns = new HashSet<>();
    Set<Integer> driverReaches = new HashSet<>();
    boolean ended;
    do {
      ended = job.isDone(); // one more look then: idle connections are still there
      for (EnvironmentInfo environment : STACK.admin().environments()) {
        for (Socket socket : sockets(environment.pid())) {
          workersReach.add(socket.remotePort());
          workersOwn.add(socket.localPort());
        }
      }
      for (Socket socket : sockets(ProcessHandle.current().pid())) {
        if (socket.localPort() != STACK.s3Endpoint().getPort()) { // the fence, which is no driver
          driverOwns.add(socket.localPort());
          driverReaches.add(socket.remotePort());
        }
      }
    } while (!ended);

    assertThat(job.join()).isEqualTo(100);
    assertThat(workersReach)
        .as("the samples saw the workers' connections to S3")
        .contains(STACK.s3Endpoint().getPort());
    assertThat(driverOwns).isNotEmpty();
    assertThat(workersReach).doesNotContainAnyElementsOf(driverOwns);
    driverReaches.remove(0); // what listens
    assertThat(workersOwn).doesNotContainAnyElementsOf(driverReaches);
  }

  /** TCP sockets of a process, IPv4 and IPv6; empty when it has ended. */
  private static Set<Socket> sockets(long pid) {
    Set<Socket> sockets = new HashSet<>();
    try {
      Map<String, Socket> table = new HashMap<>();
      for (String file : List.of("tcp", "tcp6")) {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + file))) {
          String[] columns = line.trim().split("\\s+", -1);
          if (columns.length > 9 && columns[1].contains(":") && !columns[1].startsWith("local")) {
            table.put(columns[9], new Socket(port(columns[1]), port(columns[2])));
          }
        }
      }
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
        for (Path descriptor : descriptors.toList()) {
          Matcher socket = SOCKET.matcher(target(descriptor));
          if (socket.matches() && table.containsKey(socket.group(1))) {
            sockets.add(table.get(socket.group(1)));
          }
        }
      }
    } catch (IOException e) {
      return sockets; // the process has ended
    }
    return sockets;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed since
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }
}

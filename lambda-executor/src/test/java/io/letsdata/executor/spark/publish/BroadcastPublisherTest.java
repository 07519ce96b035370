// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BroadcastPublisherTest {
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final JavaSparkContext context =
      new JavaSparkContext(
          new SparkConf(false)
              .setMaster("local[1]")
              .setAppName("broadcasts")
              .set("spark.ui.enabled", "false")
              .set("spark.driver.host", "localhost")
              .set("spark.driver.bindAddress", "127.0.0.1"));
  private final BroadcastPublisher publisher =
      new BroadcastPublisher(
          context.env(),
          new SecretScrub(SessionChecks.secretRule(context.getConf())),
          store,
          new RunLayout(ObjectLocation.parse("s3://b/runs/app")),
          executor);

  @AfterEach
  void stop() {
    context.stop();
    executor.shutdownNow();
  }

  @Test
  void broadcastWhoseValueRefersToItselfIsPublished() {
    ArrayList<Broadcast<?>> value = new ArrayList<>();
    Broadcast<?> self = context.broadcast(value);
    value.add(self);

    assertThat(publisher.publish(self.id())).succeedsWithin(AT_MOST);

    assertThat(store.keys("b")).hasSize(1);
  }

  @Test
  void broadcastsThatReferToEachOtherAreBothPublished() {
    ArrayList<Broadcast<?>> left = new ArrayList<>();
    ArrayList<Broadcast<?>> right = new ArrayList<>();
    Broadcast<?> first = context.broadcast(left);
    Broadcast<?> second = context.broadcast(right);
    left.add(second);
    right.add(first);

    assertThat(publisher.publish(first.id())).succeedsWithin(AT_MOST);
    assertThat(publisher.publish(second.id())).succeedsWithin(AT_MOST);

    assertThat(store.keys("b")).hasSize(2);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.letsdata.executor.spark.internals.SparkInternals;
import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.options.SecretRule;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects whose second serialization has another result: tasks get that of the first. */
final class ChangedObjectsTest {
  private static final SecretScrub NOTHING_IS_SECRET =
      new SecretScrub(SecretRule.of(Optional.of("(?!)")));
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final JavaSparkContext context =
      new JavaSparkContext(
          new SparkConf(false)
              .setMaster("local[1]")
              .setAppName("changed")
              .set("spark.ui.enabled", "false")
              .set("spark.driver.host", "localhost")
              .set("spark.driver.bindAddress", "127.0.0.1"));
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final BroadcastPublisher publisher =
      new BroadcastPublisher(
          context.env(),
          new SecretScrub(SessionChecks.secretRule(context.getConf())),
          store,
          layout,
          executor);

  @AfterEach
  void stop() {
    context.stop();
    executor.shutdownNow();
  }

  /** Serializes its value the first time, and none after that. */
  private static final class Draining implements Serializable {
    private static final long serialVersionUID = 1;

    private transient @Nullable Object value;

    Draining(Object value) {
      this.value = value;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeObject(value);
      value = null;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      value = in.readObject();
    }
  }

  private static SerializableConfiguration confWithSecret(String size) {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");
    conf.set("spark.my.size", size);
    return new SerializableConfiguration(conf);
  }

  /** The binary of a graph, which is serialized for the first time. */
  private long binary(Object graph) throws IOException {
    return context.broadcast(BroadcastReferences.withoutSecrets(NOTHING_IS_SECRET, graph)).id();
  }

  @Test
  void broadcastThatOnlySparksBytesReferToIsFound() throws IOException {
    Broadcast<String> used = context.broadcast("value");
    Object[] graph = {new Draining(used)};
    long binary = binary(graph);

    BroadcastReferences references = publisher.references(binary, graph);

    assertThat(references.broadcastIds()).containsExactly(used.id());
    assertThat(references.areOfBytes()).isTrue();
  }

  @Test
  void graphThatSerializesToTheSameBytesIsNotRead() throws IOException {
    Object[] graph = {context.broadcast("value"), List.of("x".repeat(5_000)), 1L};

    BroadcastReferences references = publisher.references(binary(graph), graph);

    assertThat(references.areOfBytes()).isFalse();
    assertThat(references.broadcastIds()).hasSize(1);
  }

  @Test
  void graphOfAQueryIsNotRead() throws IOException {
    SparkSession session = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
    Object[] graph = {
      session
          .range(0, 100, 1, 2)
          .selectExpr("id % 3 as k", "cast(id as decimal(12,2)) as v")
          .groupBy("k")
          .sum("v")
          .queryExecution()
          .toRdd()
    };
    byte[] sparks =
        BroadcastBytes.joined(new ByteBuffer[] {SparkInternals.serialize(context.env(), graph)});
    long binary = context.broadcast(sparks).id();

    BroadcastReferences references = publisher.references(binary, graph);

    assertThat(references.areOfBytes()).isFalse();
  }

  @Test
  void secretIsTakenOutOfSparksBytes() throws IOException {
    Object[] graph = {new Draining("content"), confWithSecret("4")};
    long binary = binary(graph);

    byte[] clean = publisher.withoutSecrets(binary, graph, publisher.references(binary, graph));

    Object[] read = (Object[]) SparkInternals.deserialize(context.env(), clean);
    assertThat(((Draining) read[0]).value).isEqualTo("content");
    assertThat(((SerializableConfiguration) read[1]).value().get("spark.my.token")).isNull();
  }

  @Test
  void accumulatorThatWouldNotBeCountedIsRefused() throws IOException {
    Object[] graph = {
      new Draining("content"), confWithSecret("4"), context.sc().longAccumulator("rows")
    };
    long binary = binary(graph);
    BroadcastReferences references = publisher.references(binary, graph);

    assertThatExceptionOfType(UserErrorException.class)
        .isThrownBy(() -> publisher.withoutSecrets(binary, graph, references))
        .withMessageContaining("serializes differently each time");
  }

  @Test
  void broadcastThatIsReferredToOnlyInThePiecesOfAnotherIsPublished() {
    ArrayList<Broadcast<?>> value = new ArrayList<>();
    Broadcast<?> inner = context.broadcast("inner");
    value.add(inner);
    Broadcast<?> outer = context.broadcast(value);
    value.clear();

    assertThat(publisher.publish(outer.id())).succeedsWithin(AT_MOST);

    assertThat(store.keys("b")).anyMatch(key -> key.contains("broadcast_" + inner.id() + "_"));
  }

  @Test
  void configurationTravelsAsItWasWhenItWasBroadcast() throws IOException {
    SerializableConfiguration conf = confWithSecret("4");
    Broadcast<?> broadcast = context.broadcast(conf);
    conf.value().set("spark.my.size", "5");

    assertThat(publisher.publish(broadcast.id())).succeedsWithin(AT_MOST);

    Object read =
        BroadcastBytes.join(
            context.env(),
            List.of(store.read(layout.broadcast("broadcast_" + broadcast.id() + "_piece0"))));
    Configuration sent = ((SerializableConfiguration) read).value();
    assertThat(sent.get("spark.my.size")).isEqualTo("4");
    assertThat(sent.get("spark.my.token")).isNull();
  }
}

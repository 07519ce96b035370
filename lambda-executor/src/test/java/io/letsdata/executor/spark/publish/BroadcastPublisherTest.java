// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.options.SecretRule;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

final class BroadcastPublisherTest {
  private static final SecretScrub NOTHING_IS_SECRET =
      new SecretScrub(SecretRule.of(Optional.of("(?!)")));
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final JavaSparkContext context =
      new JavaSparkContext(
          new SparkConf(false)
              .setMaster("local[1]")
              .setAppName("broadcasts")
              .set("spark.ui.enabled", "false")
              .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
              .set("spark.broadcast.compress", "false")
              .set("spark.broadcast.blockSize", "16k")
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

  @Test
  void configurationTravelsWithoutItsSecretsAndTheDriverKeepsThem() throws IOException {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");
    Broadcast<?> first = context.broadcast(new SerializableConfiguration(conf));
    Broadcast<?> second = context.broadcast(new SerializableConfiguration(conf));

    assertThat(publisher.publish(first.id())).succeedsWithin(AT_MOST);
    assertThat(publisher.publish(second.id())).succeedsWithin(AT_MOST);

    assertThat(stored()).hasSize(2).noneMatch(text -> text.contains("canary"));
    assertThat(conf.get("spark.my.token")).isEqualTo("canary");
  }

  @Test
  void configurationInsideAValueOfSeveralPiecesTravelsWithoutItsSecrets() throws IOException {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");
    byte[] noise = new byte[40_000];
    new Random(1).nextBytes(noise);
    Broadcast<Object[]> broadcast =
        context.broadcast(new Object[] {noise, new SerializableConfiguration(conf)});

    assertThat(publisher.publish(broadcast.id())).succeedsWithin(AT_MOST);

    assertThat(stored()).hasSizeGreaterThan(1).noneMatch(text -> text.contains("canary"));
    Object[] read = (Object[]) read(broadcast.id());
    assertThat((byte[]) read[0]).isEqualTo(noise);
    assertThat(((SerializableConfiguration) read[1]).value().get("spark.my.token")).isNull();
  }

  @Test
  void binaryWithoutSecretsIsNotReplacedByOlderBytes() throws IOException {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");
    Object[] graph = {new SerializableConfiguration(conf)};
    Broadcast<byte[]> binary =
        context.broadcast(BroadcastReferences.withoutSecrets(NOTHING_IS_SECRET, graph));
    Broadcast<Object> unserializableByJava = context.broadcast(new Object[] {new Plain()});

    assertThat(publisher.publishInstead(binary.id(), publisher.withoutSecrets(graph)))
        .succeedsWithin(AT_MOST);
    assertThat(publisher.publish(unserializableByJava.id())).succeedsWithin(AT_MOST);

    assertThat(stored()).hasSize(2).noneMatch(text -> text.contains("canary"));
  }

  @Test
  void graphThatCannotBeSerializedAgainIsReadFromItsBinary() throws IOException {
    Broadcast<String> used = context.broadcast("value");
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");
    Object[] graph = {used, new SerializableConfiguration(conf), new OnceSerializable()};
    Broadcast<byte[]> binary =
        context.broadcast(BroadcastReferences.withoutSecrets(NOTHING_IS_SECRET, graph));

    BroadcastReferences references = publisher.references(binary.id(), graph);

    assertThat(references.broadcastIds()).containsExactly(used.id());
    assertThat(references.mayHoldSecrets()).isTrue();
    assertThat(new String(publisher.withoutSecrets(binary.id(), graph, references), ISO_8859_1))
        .doesNotContain("canary");
  }

  /** An object whose state changes when it is serialized. */
  private static final class OnceSerializable implements Serializable {
    private static final long serialVersionUID = 1;

    private transient boolean serialized;

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (serialized) {
        throw new ConcurrentModificationException("planted");
      }
      serialized = true;
      out.defaultWriteObject();
    }
  }

  /** Serializable by Kryo alone. */
  static final class Plain {}

  private List<String> stored() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String key : store.keys("b")) {
      texts.add(new String(store.read(new ObjectLocation("b", key)), ISO_8859_1));
    }
    return texts;
  }

  private Object read(long id) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < store.keys("b").size(); i++) {
      all.writeBytes(store.read(layout.broadcast("broadcast_" + id + "_piece" + i)));
    }
    return context
        .env()
        .serializer()
        .newInstance()
        .deserialize(ByteBuffer.wrap(all.toByteArray()), ClassTag$.MODULE$.Any());
  }
}

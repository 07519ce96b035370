// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.spark.offsets.TrackedOutputs;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.RequestCounts;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

/** On executors that are processes of their own; one session for all tests: it takes seconds. */
@SuppressWarnings("NullAway.Init") // the lifecycle methods set them
final class LocalClusterShuffleIT {
  private static final int RECORDS = 4_000;
  private static final int MAPS = 4;
  private static final long SUM = 199L * 200 / 2; // of the keys of 200 records

  private static Path folder;
  private static ClusterSession session;
  private static JavaSparkContext spark;

  @BeforeAll
  static void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    session = new ClusterSession(temporary, Map.of());
    spark = session.spark;
  }

  @AfterAll
  static void stop() {
    if (session != null) {
      session.close();
    }
  }

  @Test
  void executorsKnowOffsetsFromTheDriverAndReadEachBlockOnce() {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    long before = session.requests();

    long records = shuffled.count();

    assertThat(records).isEqualTo(200);
    assertThat(session.requests() - before).isEqualTo(MAPS + MAPS * 3);
  }

  @Test
  void tasksPreferNoPlaceForShuffledData() {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, 2, 3);
    assertThat(shuffled.count()).isEqualTo(200);

    for (int partition = 0; partition < 3; partition++) {
      assertThat(spark.sc().getPreferredLocs(shuffled.rdd(), partition).isEmpty()).isTrue();
    }
  }

  @Test
  void twentyTinyMapsNeedNoRequest() {
    List<ObjectLocation> objects = session.objects();
    long before = session.requests();
    RequestCounts driver = RequestMeter.PROCESS.counts();

    List<Tuple2<Integer, String>> records = ClusterTasks.shuffled(spark, RECORDS, 20, 20).collect();

    assertThat(records).hasSize(RECORDS).doesNotHaveDuplicates();
    assertThat(records).allMatch(record -> record._2().equals("value " + record._1() * 31));
    RequestCounts used = RequestMeter.PROCESS.counts().minus(driver);
    // Spark may delete an earlier test's shuffle meanwhile.
    assertThat(used.put() + used.get() + used.head() + used.post()).isZero();
    assertThat(session.requests() - before).isZero();
    assertThat(objects).containsAll(session.objects());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outputsOfAnExecutorThatDiedAreNotMadeAgain(boolean inline) throws Exception {
    JavaPairRDD<Integer, ?> shuffled =
        inline
            ? ClusterTasks.shuffled(spark, 200, MAPS, 3)
            : ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    assertThat(shuffled.count()).isEqualTo(200);
    int before = session.mapTasks();
    Path mark = folder.resolve("one-died-" + inline);

    long sum = ClusterTasks.sumOfKeysWhileOneExecutorDies(shuffled, mark);

    assertThat(sum).isEqualTo(199L * 200 / 2);
    assertThat(mark).exists();
    assertThat(session.mapTasks()).isEqualTo(before);
  }

  @Test
  void lostObjectIsMadeAgainAloneThoughItsWriterWroteMore() throws Exception {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
    List<ObjectLocation> others = session.objects();
    assertThat(shuffled.count()).isEqualTo(200);
    List<ObjectLocation> made = session.objects();
    made.removeAll(others);
    assertThat(made).hasSize(MAPS);
    int before = session.mapTasks();

    session.store.delete(List.of(made.get(1)));
    long records = shuffled.count();

    assertThat(records).isEqualTo(200);
    assertThat(session.mapTasks()).isEqualTo(before + 1);
  }

  @Test
  void tablesThatAreLostOrDamagedAreMadeAgainAndNoMapIs() throws Exception {
    JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledSmallBlobs(spark, 200, 16, 3);
    assertThat(ClusterTasks.sumOfKeys(shuffled)).isEqualTo(SUM);
    int before = session.mapTasks();
    List<ObjectLocation> first = tables(shuffleId(shuffled));
    assertThat(first).hasSize(1);

    session.store.delete(first);
    assertThat(ClusterTasks.sumOfKeys(shuffled)).isEqualTo(SUM);
    List<ObjectLocation> second = tables(shuffleId(shuffled));
    assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
    byte[] bytes = session.store.read(second.get(0));
    for (int i = 0; i < bytes.length; i += 1_000) {
      bytes[i] ^= 4;
    }
    session.store.put(second.get(0), ObjectContent.of(bytes));
    assertThat(ClusterTasks.sumOfKeys(shuffled)).isEqualTo(SUM);

    assertThat(tables(shuffleId(shuffled))).hasSize(2);
    assertThat(session.mapTasks()).isEqualTo(before);
    new S3ShuffleDriverComponents(() -> S3ShuffleDataIO.manager().driver())
        .removeShuffle(shuffleId(shuffled), true);
    assertThat(stored(shuffleId(shuffled))).isEmpty();
  }

  private static List<ObjectLocation> tables(int shuffleId) {
    return stored(shuffleId).stream().filter(o -> o.key().contains("-offsets-")).toList();
  }

  @Test
  void zombieOfAnEarlierStageAttemptThatReportsLateChangesNothing(@TempDir Path place)
      throws Exception {
    JavaPairRDD<Integer, byte[]> first = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 2);
    assertThat(ClusterTasks.sumOfKeys(first)).isEqualTo(SUM);
    JavaPairRDD<Integer, byte[]> second = ClusterTasks.shuffledAgainWithAZombie(first, 3, place);
    int before = session.mapTasks();

    JavaFutureAction<Long> job = second.countAsync();
    await().until(() -> Files.exists(place.resolve("straggles")));
    session.store.delete(List.of(winners(shuffleId(first)).get(0)));
    Files.createFile(place.resolve("deleted"));

    assertThat(job.get(5, TimeUnit.MINUTES)).isEqualTo(200);
    List<ObjectLocation> winners = winners(shuffleId(second));
    assertThat(stored(shuffleId(second))).containsExactlyInAnyOrderElementsOf(winners).hasSize(2);

    Files.createFile(place.resolve("release"));
    await().until(() -> reported(shuffleId(second)) == 3);
    // The lost map again; in the first attempt the zombie and the one that missed it; both again.
    await().until(() -> session.mapTasks() == before + 1 + 2 + 2);

    assertThat(ClusterTasks.sumOfKeys(second)).isEqualTo(SUM);
    assertThat(session.mapTasks()).isEqualTo(before + 1 + 2 + 2);
    assertThat(winners(shuffleId(second))).isEqualTo(winners);
    new S3ShuffleDriverComponents(() -> S3ShuffleDataIO.manager().driver())
        .removeShuffle(shuffleId(second), true);
    assertThat(stored(shuffleId(second))).isEmpty();
  }

  /** The other one has nothing but the jar to install, and executors that come and go. */
  @Test
  void applicationsInOneBucketDoNotSeeEachOther(@TempDir Path place) throws Exception {
    try (OtherApplication other = new OtherApplication(session.server.endpoint(), place)) {
      JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, 200, MAPS, 3);
      assertThat(ClusterTasks.sumOfKeys(shuffled)).isEqualTo(SUM);
      String itsKeys = "all/" + other.applicationId() + "-[0-9a-f]{16}/shuffle/.*";
      List<ObjectLocation> own = stored(shuffleId(shuffled));
      assertThat(objects(itsKeys)).hasSize(4);
      int mapTasks = session.mapTasks();

      assertThat(other.mapTasksOfTheSecondRead())
          .isEqualTo(3); // of its sum, and none of the shuffle
      ObjectLocation late = new ObjectLocation("runs", objects(itsKeys).get(0).key() + "0");
      session.store.put(late, ObjectContent.ofUtf8("nobody reports this"));
      session.store.startMultipart(late);
      assertThat(other.end()).isTrue();

      assertThat(objects("all/" + spark.sc().applicationId() + "-.*")).containsAll(own);
      assertThat(objects(itsKeys)).isEmpty();
      assertThat(session.store.listUploads("runs", "all/")).isEmpty();
      assertThat(stored(shuffleId(shuffled))).isEqualTo(own).hasSize(MAPS);
      assertThat(ClusterTasks.sumOfKeys(shuffled)).isEqualTo(SUM);
      assertThat(session.mapTasks()).isEqualTo(mapTasks);
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(5));
  }

  private static List<ObjectLocation> stored(int shuffleId) {
    return objects(root().key() + "/shuffle/[0-9a-f]{2}/" + shuffleId + "-.*");
  }

  private static List<ObjectLocation> objects(String keys) {
    return session.objects().stream().filter(object -> object.key().matches(keys)).toList();
  }

  private static ObjectLocation root() {
    return S3ShuffleDataIO.manager().driver().context().runtime().root();
  }

  /** The outputs that Spark counts with, in the order of the maps. */
  private static List<ObjectLocation> winners(int shuffleId) {
    ShuffleLayout layout = new ShuffleLayout(root());
    return TrackedOutputs.of(shuffleId).stream()
        .map(map -> layout.dataLocation(shuffleId, map))
        .toList();
  }

  /** Runs of the shuffle's maps whose objects are stored and which the driver knows. */
  private static long reported(int shuffleId) {
    return stored(shuffleId).stream()
        .map(object -> object.key().substring(object.key().lastIndexOf('/') + 1).split("-", 3))
        .map(name -> new MapRef(Long.parseLong(name[1]), name[2]))
        .filter(map -> S3ShuffleDataIO.manager().registry().knows(shuffleId, map))
        .count();
  }

  private static int shuffleId(JavaPairRDD<?, ?> shuffled) {
    return ((ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head()).shuffleId();
  }
}

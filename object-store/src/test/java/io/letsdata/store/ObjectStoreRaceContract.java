package io.letsdata.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Of many writers at once exactly one wins. Not for stand-ins whose conditional writes are not
 * atomic (S3Mock 5.2.0).
 */
public abstract class ObjectStoreRaceContract extends ObjectStoreContract {

  private static final int RACERS = 16;

  @RepeatedTest(5)
  void oneOfManyPutsIfAbsentWins() throws Exception {
    ObjectLocation location = new ObjectLocation(bucket(), UUID.randomUUID() + "/commit");
    List<Callable<Boolean>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      ObjectContent content = ObjectContent.ofUtf8("racer " + i);
      racers.add(() -> store().putIfAbsent(location, content));
    }

    List<Boolean> outcomes = race(racers);

    assertThat(outcomes).containsOnlyOnce(true);
    assertThat(store().readUtf8(location)).isEqualTo("racer " + outcomes.indexOf(true));
  }

  @RepeatedTest(5)
  void oneOfManyCompletionsIfAbsentWins() throws Exception {
    ObjectLocation location = new ObjectLocation(bucket(), UUID.randomUUID() + "/commit");
    List<Callable<Boolean>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      MultipartUpload upload = store().startMultipart(location);
      upload.uploadPart(1, ObjectContent.ofUtf8("racer " + i));
      racers.add(upload::completeIfAbsent);
    }

    List<Boolean> outcomes = race(racers);

    assertThat(outcomes).containsOnlyOnce(true);
    assertThat(store().readUtf8(location)).isEqualTo("racer " + outcomes.indexOf(true));
  }

  private static List<Boolean> race(List<Callable<Boolean>> racers) throws Exception {
    CyclicBarrier start = new CyclicBarrier(racers.size());
    ExecutorService threads = Executors.newFixedThreadPool(racers.size());
    try {
      List<Future<Boolean>> running = new ArrayList<>();
      for (Callable<Boolean> racer : racers) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return racer.call();
                }));
      }
      List<Boolean> outcomes = new ArrayList<>();
      for (Future<Boolean> one : running) {
        outcomes.add(one.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }
}

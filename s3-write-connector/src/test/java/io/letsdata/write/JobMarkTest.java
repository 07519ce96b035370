// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreUnavailable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Clean-up beside jobs that run. */
class JobMarkTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final MovedClock clock = new MovedClock();
  private final InMemoryObjectStore memory = new InMemoryObjectStore(clock, "b");
  private final HookedObjectStore store = new HookedObjectStore(memory);
  private final String job = UUID.randomUUID().toString();
  private final JobMark mark =
      new JobMark(
          store,
          CommitFixture.OUT,
          job,
          JobMark.INTERVAL,
          () -> clock.sinceStart().toNanos(),
          clock);

  /** A clock that stands until it is moved. */
  private static final class MovedClock extends Clock {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private Instant now = START;

    void move(Duration by) {
      now = now.plus(by);
    }

    Duration sinceStart() {
      return Duration.between(START, now);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Lets the job run on, with its mark renewed at each interval. */
  private void run(Duration time) {
    for (long i = 0; i < time.dividedBy(JobMark.INTERVAL); i++) {
      clock.move(JobMark.INTERVAL);
      mark.renew();
    }
  }

  private OutputCleanup.Leftovers find(Duration olderThan) throws IOException {
    return OutputCleanup.find(memory, CommitFixture.OUT, clock.instant(), olderThan);
  }

  private void cleanUp(Duration olderThan) throws IOException {
    OutputCleanup.delete(memory, find(olderThan));
  }

  private JobCommit commit() throws IOException {
    return CommitFixture.commit(
        memory,
        job,
        WriteMode.APPEND,
        CommitFixture.committer(memory).head(WriteMode.APPEND.operation()));
  }

  private List<TaskOutput> stored(String name) throws IOException {
    return CommitFixture.stored(memory, name);
  }

  @Test
  void cleanUpBesideAJobOfDaysDeletesNothingOfIt() throws IOException {
    List<TaskOutput> ours = stored("ours");
    run(DAY.multipliedBy(3));

    OutputCleanup.Leftovers left = find(DAY);
    cleanUp(DAY);

    assertThat(left.objects()).isEmpty();
    assertThat(mark.hasLapsed()).isFalse();
    commit().commit(CommitFixture.objects(ours));
    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
    assertThat(CommitFixture.nothingNamedIsMissing(memory)).isTrue();
  }

  @Test
  void leftoverOfBeforeTheOldestJobIsDeletedWhileItRuns() throws IOException {
    List<TaskOutput> lost = stored("lost");
    clock.move(DAY);
    JobMark running =
        new JobMark(
            store,
            CommitFixture.OUT,
            job,
            JobMark.INTERVAL,
            () -> clock.sinceStart().toNanos(),
            clock);
    List<TaskOutput> ours = stored("ours");
    for (int i = 0; i < 30; i++) {
      clock.move(JobMark.INTERVAL);
      running.renew();
    }

    cleanUp(Duration.ofHours(1));

    assertThat(running.hasLapsed()).isFalse();
    for (TaskObject object : CommitFixture.objects(lost)) {
      assertThat(memory.stat(object.location())).isEmpty();
    }
    for (TaskObject object : CommitFixture.objects(ours)) {
      assertThat(memory.stat(object.location())).isPresent();
    }
  }

  @Test
  void markOfAJobThatEndedProtectsNothingAndIsDeleted() throws IOException {
    List<TaskOutput> lost = stored("lost");
    run(Duration.ofHours(1));
    clock.move(DAY);
    clock.move(Duration.ofSeconds(1));

    OutputCleanup.Leftovers left = find(DAY);
    cleanUp(DAY);

    assertThat(left.objects()).extracting(ListedObject::location).hasSize(lost.size() + 1);
    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void jobThatEndsBeforeTheFirstIntervalMakesNoRequest() {
    mark.start(() -> true);

    assertThat(mark.hasLapsed()).isFalse();
    mark.end();

    assertThat(store.requests()).isEmpty();
  }

  @Test
  void markIsDeletedAtTheEndAndNotStoredAfterIt() {
    run(Duration.ofHours(1));

    mark.end();
    mark.end();
    mark.renew();

    assertThat(memory.keys("b")).isEmpty();
    assertThat(store.requests().stream().filter("DELETE"::equals)).hasSize(1);
  }

  @Test
  void markOfAnUnknownOutcomeStaysForTheRestOfItsLife() throws IOException {
    List<TaskOutput> ours = stored("ours");
    run(Duration.ofHours(1));

    mark.leave();
    mark.end();

    assertThat(find(Duration.ofMinutes(15)).objects()).isEmpty();
    clock.move(JobMark.LIVES.plusSeconds(1));
    assertThat(find(Duration.ofMinutes(15)).objects()).hasSize(ours.size() + 1);
  }

  @Test
  void markThatSaysNoAgeKeepsEverythingAsLongAsItLives() throws IOException {
    List<TaskOutput> lost = stored("lost");
    clock.move(DAY);
    String unused =
        memory.put(
            new ObjectLocation("b", "out/_letsdata/running/" + job),
            ObjectContent.ofUtf8("no number"));

    assertThat(find(Duration.ofHours(1)).objects()).isEmpty();
    clock.move(JobMark.LIVES.plusSeconds(1));
    assertThat(find(Duration.ofHours(1)).objects()).hasSize(lost.size());
  }

  @Test
  void driverThatSleptNamesTheObjectThatCleanUpDeleted() throws IOException {
    List<TaskOutput> ours = stored("ours");
    run(Duration.ofHours(1));
    clock.move(DAY);
    clock.move(Duration.ofSeconds(1));
    cleanUp(DAY);

    JobCommit commit = commit();
    assertThat(mark.hasLapsed()).isTrue();
    assertThatThrownBy(() -> commit.requireStored(CommitFixture.objects(ours), CommitFixture.OUT))
        .isInstanceOf(CommitRefused.class)
        .hasMessageContaining(
            "the mark of this job was not renewed for more than 10 minutes, and s3://b/out/data/00000-7-ours.txt does not exist any more. Run the job again.");
    assertThat(commit.abort(ours)).isEqualTo(2);
  }

  @Test
  void driverThatSleptCommitsWhenAllIsThere() throws IOException {
    List<TaskOutput> ours = stored("ours");
    clock.move(DAY);

    assertThat(mark.hasLapsed()).isTrue();
    JobCommit commit = commit();
    commit.requireStored(CommitFixture.objects(ours), CommitFixture.OUT);
    commit.commit(CommitFixture.objects(ours));

    assertThat(CommitFixture.visible(memory)).containsExactly("ours", "ours");
  }

  @Test
  void markThatCannotBeStoredMakesTheDriverLook() {
    store.hook(
        new HookedObjectStore.Hook() {
          @Override
          public void before(int number, String request) throws IOException {
            throw new StoreUnavailable("planted", null);
          }

          @Override
          public void after(int number, String request) {}
        });

    run(Duration.ofMinutes(10));
    assertThat(mark.hasLapsed()).isFalse();
    run(Duration.ofMinutes(5));

    assertThat(mark.hasLapsed()).isTrue();
  }
}

package io.letsdata.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.protocol.RunLayout;
import io.letsdata.store.InMemoryObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CommitRightsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final CommitRights rights = new CommitRights(store, layout);

  private boolean workerTakes(int generation, String dispatch) throws IOException {
    return store.putIfAbsent(
        layout.commit(3, 7, generation),
        ObjectContent.ofUtf8(CommitRights.holder(dispatch, "invocation")));
  }

  @Test
  void zombieOfARevokedAttemptCannotCommit() throws IOException {
    rights.revoke(3, 7, 0, "zombie");

    assertThat(workerTakes(0, "zombie")).isFalse();
    assertThat(rights.generation(3, 7)).isEqualTo(1);
    assertThat(workerTakes(1, "retry")).isTrue();
  }

  @Test
  void deadHolderIsFollowedByANewGeneration() throws IOException {
    assertThat(workerTakes(0, "dead")).isTrue();

    rights.revoke(3, 7, 0, "dead");

    assertThat(rights.generation(3, 7)).isEqualTo(1);
  }

  @Test
  void rightOfALivingCopyIsLeftAlone() throws IOException {
    assertThat(workerTakes(0, "copy")).isTrue();

    rights.revoke(3, 7, 0, "dead");

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void runThatHoldsItsRightMayBeCommittingAndIsLeftAlone() throws IOException {
    assertThat(workerTakes(0, "alive")).isTrue();

    assertThat(rights.revokeUnlessHeld(3, 7, 0, "alive")).isFalse();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void runThatHoldsNoRightCanNeverTakeItAgain() throws IOException {
    assertThat(rights.revokeUnlessHeld(3, 7, 0, "zombie")).isTrue();
    assertThat(rights.revokeUnlessHeld(3, 7, 0, "zombie")).isTrue();

    assertThat(workerTakes(0, "zombie")).isFalse();
    assertThat(rights.generation(3, 7)).isEqualTo(1);
  }

  @Test
  void rightOfAnotherRunIsNotTakenAway() throws IOException {
    assertThat(workerTakes(0, "copy")).isTrue();

    assertThat(rights.revokeUnlessHeld(3, 7, 0, "zombie")).isTrue();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void otherPartitionsKeepTheirGeneration() throws IOException {
    rights.revoke(3, 7, 0, "dead");

    assertThat(rights.generation(3, 8)).isZero();
    assertThat(rights.generation(4, 7)).isZero();
  }
}

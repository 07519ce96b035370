// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.protocol.Holder;
import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CommitRightsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final RunLayout layout = new RunLayout(ObjectLocation.parse("s3://b/runs/app"));
  private final CommitRights rights = new CommitRights(store, layout);

  /** Of a dispatch of which nothing is alive. */
  private boolean revoke(String dispatch) throws IOException {
    return rights.revoke(3, 7, 0, dispatch, holder -> true);
  }

  /** Of a dispatch of which one run has ended. */
  private boolean revoke(String dispatch, String endedRequest) throws IOException {
    return rights.revoke(3, 7, 0, dispatch, h -> h.request().equals(endedRequest));
  }

  private boolean workerTakes(int generation, String dispatch) throws IOException {
    return store.putIfAbsent(
        layout.commit(3, 7, generation),
        ObjectContent.ofUtf8(new Holder(dispatch, "nonce", "request").text()));
  }

  @Test
  void zombieOfARevokedAttemptCannotCommit() throws IOException {
    assertThat(revoke("zombie")).isTrue();

    assertThat(workerTakes(0, "zombie")).isFalse();
    assertThat(rights.generation(3, 7)).isEqualTo(1);
    assertThat(workerTakes(1, "retry")).isTrue();
  }

  @Test
  void holderThatHasEndedIsFollowedByANewGeneration() throws IOException {
    assertThat(workerTakes(0, "dead")).isTrue();

    assertThat(revoke("dead")).isTrue();

    assertThat(rights.generation(3, 7)).isEqualTo(1);
  }

  @Test
  void rightOfALivingAttemptIsNotRevoked() throws IOException {
    assertThat(workerTakes(0, "copy")).isTrue();

    assertThat(revoke("dead")).isTrue();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void invocationThatHoldsItsRightIsNotRevoked() throws IOException {
    assertThat(workerTakes(0, "alive")).isTrue();

    assertThat(revoke("alive", "none")).isFalse();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void invocationWithoutTheRightCanNeverTakeIt() throws IOException {
    assertThat(revoke("zombie", "none")).isTrue();
    assertThat(revoke("zombie", "none")).isTrue();

    assertThat(workerTakes(0, "zombie")).isFalse();
    assertThat(rights.generation(3, 7)).isEqualTo(1);
  }

  @Test
  void rightOfAnotherInvocationIsNotRevoked() throws IOException {
    assertThat(workerTakes(0, "copy")).isTrue();

    assertThat(revoke("zombie", "none")).isTrue();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void crashOfTheHolderFreesTheRightAtOnce() throws IOException {
    assertThat(workerTakes(0, "crashed")).isTrue();

    assertThat(revoke("crashed", "request")).isTrue();

    assertThat(rights.generation(3, 7)).isEqualTo(1);
  }

  @Test
  void crashOfOneInvocationLeavesTheRightToTheOtherOne() throws IOException {
    assertThat(workerTakes(0, "twice")).isTrue();

    assertThat(revoke("twice", "another request")).isFalse();

    assertThat(rights.generation(3, 7)).isZero();
  }

  @Test
  void otherPartitionsKeepTheirGeneration() throws IOException {
    assertThat(revoke("dead")).isTrue();

    assertThat(rights.generation(3, 8)).isZero();
    assertThat(rights.generation(4, 7)).isZero();
  }
}

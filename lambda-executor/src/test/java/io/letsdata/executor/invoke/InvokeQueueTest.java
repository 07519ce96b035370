// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class InvokeQueueTest {
  private final HandTimer timer = new HandTimer();
  private final InvokeQueue queue = new InvokeQueue(4, timer, Runnable::run, timer::nowNanos);
  private final List<String> sent = new ArrayList<>();

  @Test
  void errorOfOneRequestDoesNotStopTheOthers() {
    queue.submit(
        send(
            () -> {
              throw new OutOfMemoryError("planted");
            }));

    queue.submit(send(() -> sent.add("next")));

    assertThat(sent).containsExactly("next");
  }

  @Test
  void requestThatAResponseReleasesIsSentByTheSender() {
    List<Runnable> handed = new ArrayList<>();
    List<InvokeQueue.Permit> permits = new ArrayList<>();
    InvokeQueue one = new InvokeQueue(1, timer, handed::add, timer::nowNanos);
    one.submit(new InvokeQueue.QueuedInvoke(() -> true, permits::add, () -> {}));
    one.submit(send(() -> sent.add("second")));
    one.submitLater(send(() -> sent.add("later")), 10);

    permits.get(0).ended(InvokeQueue.End.RAN); // on an event loop
    assertThat(timer.next()).isTrue();

    assertThat(sent).isEmpty();
    assertThat(handed).hasSize(2);
    handed.forEach(Runnable::run);
    assertThat(sent).containsExactly("later");
  }

  @Test
  void requestIsWithdrawnWhenTheSenderHasEnded() {
    List<InvokeQueue.Permit> permits = new ArrayList<>();
    InvokeQueue one =
        new InvokeQueue(
            1,
            timer,
            work -> {
              throw new RejectedExecutionException("planted");
            },
            timer::nowNanos);
    one.submit(new InvokeQueue.QueuedInvoke(() -> true, permits::add, () -> {}));
    one.submit(
        new InvokeQueue.QueuedInvoke(permits::isEmpty, permit -> {}, () -> sent.add("dropped")));

    permits.get(0).ended(InvokeQueue.End.LOST);

    assertThat(sent).containsExactly("dropped");
  }

  private static InvokeQueue.QueuedInvoke send(Runnable now) {
    return new InvokeQueue.QueuedInvoke(() -> true, permit -> now.run(), () -> {});
  }
}

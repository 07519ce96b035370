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
  void errorOfOneSendLeavesTheOthersTheirTurn() {
    queue.submit(
        send(
            () -> {
              throw new OutOfMemoryError("planted");
            }));

    queue.submit(send(() -> sent.add("next")));

    assertThat(sent).containsExactly("next");
  }

  @Test
  void whatAnAnswerLetsGoIsSentBySender() {
    List<Runnable> handed = new ArrayList<>();
    List<InvokeQueue.Turn> turns = new ArrayList<>();
    InvokeQueue one = new InvokeQueue(1, timer, handed::add, timer::nowNanos);
    one.submit(new InvokeQueue.Send(() -> true, turns::add, () -> {}));
    one.submit(send(() -> sent.add("second")));
    one.submitLater(send(() -> sent.add("later")), 10);

    turns.get(0).ended(InvokeQueue.End.RAN); // on an event loop
    assertThat(timer.next()).isTrue();

    assertThat(sent).isEmpty();
    assertThat(handed).hasSize(2);
    handed.forEach(Runnable::run);
    assertThat(sent).containsExactly("later");
  }

  @Test
  void senderThatHasEndedKeepsNobodyWaiting() {
    List<InvokeQueue.Turn> turns = new ArrayList<>();
    InvokeQueue one =
        new InvokeQueue(
            1,
            timer,
            work -> {
              throw new RejectedExecutionException("planted");
            },
            timer::nowNanos);
    one.submit(new InvokeQueue.Send(() -> true, turns::add, () -> {}));
    one.submit(new InvokeQueue.Send(turns::isEmpty, turn -> {}, () -> sent.add("dropped")));

    turns.get(0).ended(InvokeQueue.End.LOST);

    assertThat(sent).containsExactly("dropped");
  }

  private static InvokeQueue.Send send(Runnable now) {
    return new InvokeQueue.Send(() -> true, turn -> now.run(), () -> {});
  }
}

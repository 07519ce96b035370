package io.letsdata.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InvokeQueueTest {
  private final HandTimer timer = new HandTimer();
  private final InvokeQueue queue = new InvokeQueue(4, timer, timer::nowNanos);
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

  private static InvokeQueue.Send send(Runnable now) {
    return new InvokeQueue.Send(() -> true, turn -> now.run(), () -> {});
  }
}

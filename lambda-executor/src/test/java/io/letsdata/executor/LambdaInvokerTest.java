package io.letsdata.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.InvocationOutcome.AnswerLost;
import io.letsdata.executor.InvocationOutcome.Answered;
import io.letsdata.store.RequestMeter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LambdaInvokerTest {
  private final HandTimer timer = new HandTimer();
  private final FakeLambda lambda = new FakeLambda();
  private final LambdaInvoker invoker =
      new LambdaInvoker(
          lambda,
          settings(),
          timer,
          new RunAccount(RequestMeter.PROCESS::counts),
          timer::nowNanos);

  private static LambdaSettings settings() {
    Map<String, String> conf =
        Map.of(
            "spark.letsdata.run.location", "s3://b/runs",
            "spark.letsdata.lambda.concurrency", "1",
            "spark.letsdata.lambda.unreachable-timeout", "10s");
    return LambdaSettings.from("lambda://f", key -> Optional.ofNullable(conf.get(key)));
  }

  private CompletableFuture<InvocationOutcome> invoke() {
    return invoker.invoke(new byte[0], Duration.ofMinutes(1));
  }

  @Test
  void errorInTheClientLosesOneAnswerAndNoLaterInvocation() {
    lambda.plan.add(
        () -> {
          throw new NoClassDefFoundError("planted");
        });

    CompletableFuture<InvocationOutcome> first = invoke();
    CompletableFuture<InvocationOutcome> second = invoke();

    assertThat(first).isCompletedWithValueMatching(AnswerLost.class::isInstance);
    assertThat(second).isCompletedWithValueMatching(Answered.class::isInstance);
  }
}

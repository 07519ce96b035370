// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import io.letsdata.protocol.MergeResponse;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerHandlerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"anotherMessage\":{\"build\":\"letsdata-9\"}}",
        "{\"build\":\"letsdata-9\",\"dispatch\":\"d\"}",
        "{\"session\":{\"build\":\"letsdata-9\"},\"dispatch\":\"d\"}",
        "{}"
      })
  void payloadOfAnotherVersionIsRefusedWithBothBuilds(String payload) throws IOException {
    TaskResponse response = Messages.decode(response(payload), TaskResponse.class);

    assertThat(response)
        .isInstanceOfSatisfying(
            TaskResponse.NotStarted.class,
            refused ->
                assertThat(refused.problem())
                    .contains("driver and worker differ", Messages.BUILD, "Deploy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mergeJob\":\"\"}",
        "{\"mergeJob\":\"\",\"run\":{}}",
        "{\"mergeJob\":\"\",\"run\":{\"build\":\"letsdata-9\"}}",
        "{\"mergeJob\":\"\",\"session\":{\"build\":\"letsdata-9\"}}"
      })
  void mergeOfAnotherVersionIsRefusedWithBothBuilds(String payload) throws IOException {
    MergeResponse response = Messages.decode(response(payload), MergeResponse.class);

    assertThat(response.problem()).contains("driver and worker differ", Messages.BUILD, "Deploy");
    assertThat(response.report()).isNull();
  }

  private static byte[] response(String payload) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    new WorkerHandler()
        .handleRequest(
            new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)), output, context());
    return output.toByteArray();
  }

  private static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) ->
                method.getReturnType() == int.class ? (Object) 60_000 : "planted");
  }
}

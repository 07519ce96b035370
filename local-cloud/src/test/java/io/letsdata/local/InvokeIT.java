package io.letsdata.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

class InvokeIT {

  private static TestCloud test;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    test = TestCloud.start(folder, 2);
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  @Test
  void functionAnswersItsPayload() throws Exception {
    InvokeResponse response = test.invoke("echo", "hello");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.functionError()).isNull();
    assertThat(response.executedVersion()).isEqualTo("$LATEST");
    assertThat(TestCloud.members(response))
        .containsAllEntriesOf(
            Map.of("echo", "hello", "arn", "arn:aws:lambda:us-east-1:000000000000:function:toy"));
  }
}

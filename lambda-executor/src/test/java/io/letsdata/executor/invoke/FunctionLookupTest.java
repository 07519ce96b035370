// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;

final class FunctionLookupTest {
  private static final String CODE = Base64.getEncoder().encodeToString(new byte[32]);

  private static String describe(
      CompletableFuture<GetFunctionConfigurationResponse> response, String... expected) {
    LambdaAsyncClient client =
        new LambdaAsyncClient() {
          @Override
          public CompletableFuture<GetFunctionConfigurationResponse> getFunctionConfiguration(
              GetFunctionConfigurationRequest request) {
            return response;
          }

          @Override
          public String serviceName() {
            return "lambda";
          }

          @Override
          public void close() {}
        };
    Map<String, String> conf =
        new HashMap<>(Map.of("spark.letsdata.run.location", "s3://bucket/runs"));
    for (String sha256 : expected) {
      conf.put("spark.letsdata.lambda.code-sha256", sha256);
    }
    LambdaSettings settings = LambdaSettings.from("lambda://f", Options.ofSession(conf));
    return new FunctionLookup(client, settings).describe().logGroup();
  }

  private static CompletableFuture<GetFunctionConfigurationResponse> code(String sha256) {
    return CompletableFuture.completedFuture(
        GetFunctionConfigurationResponse.builder()
            .timeout(60)
            .memorySize(1024)
            .codeSha256(sha256)
            .build());
  }

  private static CompletableFuture<GetFunctionConfigurationResponse> forbidden() {
    return CompletableFuture.failedFuture(
        LambdaException.builder()
            .statusCode(403)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("AccessDeniedException").build())
            .build());
  }

  @Test
  void functionWithTheExpectedCodeIsUsed() {
    assertThat(describe(code(CODE), CODE)).isEqualTo("/aws/lambda/f");
    assertThat(describe(code(CODE), HexFormat.of().formatHex(new byte[32]))).isNotEmpty();
    assertThat(describe(code(CODE))).isNotEmpty();
  }

  @Test
  void functionWithOtherCodeIsRefused() {
    String other =
        Base64.getEncoder()
            .encodeToString("other code than it should be, 32".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> describe(code(other), CODE))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Cannot start: function 'f' runs code with SHA-256 %s, not %s (spark.letsdata.lambda.code-sha256). Deploy the package of this build, or correct the setting."
                .formatted(other, CODE));
  }

  @Test
  void startSaysWhetherTheCodeIsThatOfTheBuild() {
    assertThat(FunctionLookup.codeLine("f", CODE, CODE))
        .isEqualTo(
            "Function 'f' runs code with SHA-256 %s, the package of this driver's build."
                .formatted(CODE));
    assertThat(FunctionLookup.codeLine("f", CODE, "other"))
        .contains("and the package of this driver's build has other. Deploy that package");
    assertThat(FunctionLookup.codeLine("f", CODE, ""))
        .endsWith("with spark.letsdata.lambda.code-sha256 each start compares it.");
    assertThat(FunctionLookup.codeLine("f", null, CODE)).endsWith("it is not compared.");
  }

  @Test
  void codeThatLambdaDoesNotShowIsNotTheExpectedOne() {
    assertThatThrownBy(() -> describe(forbidden(), CODE))
        .isInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Cannot start: the code of function 'f' cannot be compared with")
        .hasMessageContaining("Allow lambda:GetFunctionConfiguration");
    assertThat(describe(forbidden())).isEqualTo("/aws/lambda/f");
  }
}

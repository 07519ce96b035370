// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.invoke.InvocationOutcome.FailureKind;
import io.letsdata.executor.invoke.InvokeErrors.Meaning;
import io.letsdata.protocol.LogTail;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

final class InvokeErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "429, TooManyRequestsException, ReservedFunctionConcurrentInvocationLimitExceeded, THROTTLED",
    "429, TooManyRequestsException, ConcurrentSnapshotCreateLimitExceeded, THROTTLED",
    "429, TooManyRequestsException, FunctionInvocationRateLimitExceeded, RATE_EXCEEDED",
    "429, TooManyRequestsException, CallerRateLimitExceeded, RATE_EXCEEDED",
    "500, ServiceException, '', UNAVAILABLE",
    "502, EC2ThrottledException, '', UNAVAILABLE",
    "502, InvalidZipFileException, '', REFUSED",
    "502, KMSAccessDeniedException, '', REFUSED",
    "503, '', '', UNAVAILABLE",
    "409, ResourceConflictException, '', UNAVAILABLE",
    "408, EFSMountTimeoutException, '', UNAVAILABLE",
    "400, InvalidRequestContentException, '', REFUSED",
    "403, AccessDeniedException, '', REFUSED",
    "404, ResourceNotFoundException, '', REFUSED",
    "413, RequestTooLargeException, '', REFUSED"
  })
  void statusAndCodeOfTheServiceDecideTheMeaning(
      int status, String code, String reason, Meaning meaning) {
    assertThat(InvokeErrors.of(status, code, reason)).isEqualTo(meaning);
  }

  @Test
  void failedConnectionHasSentNothing() {
    assertThat(InvokeErrors.of(client(new ConnectException("refused"))))
        .isEqualTo(Meaning.UNREACHABLE);
    assertThat(InvokeErrors.of(client(new TimeoutException("Acquire operation took longer"))))
        .isEqualTo(Meaning.UNREACHABLE);
  }

  @Test
  void otherFailuresMayHaveRunTheFunction() {
    assertThat(InvokeErrors.of(client(new java.io.IOException("Connection reset"))))
        .isEqualTo(Meaning.RESPONSE_LOST);
    assertThat(InvokeErrors.of(ApiCallTimeoutException.create(1_000)))
        .isEqualTo(Meaning.RESPONSE_LOST);
  }

  private static SdkClientException client(Exception cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.ClassNotFoundException, 'Class not found: a.B', '', INIT",
    "Runtime.HandlerNotFound, '', '', INIT",
    "Runtime.InvalidEntrypoint, 'exec: no such file', '', INIT",
    "java.io.IOException, 'driver and worker differ: the function, x', '', INIT",
    "Runtime.ExitError, 'Error: Runtime exited with error: exit status 1', '', CRASH",
    "Runtime.ExitError, 'Runtime exited with error: exit status 1', INIT_REPORT, INIT",
    "Runtime.ExitError, 'Runtime exited with error: signal: killed', '', OUT_OF_MEMORY",
    "Runtime.ExitError, 'Runtime exited with error: exit status 52', '', OUT_OF_MEMORY",
    "java.lang.OutOfMemoryError, 'Java heap space', '', OUT_OF_MEMORY",
    "Runtime.ExitError, 'exit status 76', 'the function''s time limit is now 90 s', LIMIT_RAISED",
    "Runtime.ExitError, 'exit status 76', '', CRASH",
    "Sandbox.Timedout, 'Error: Task timed out after 3.00 seconds', '', TIMEOUT",
    "Function.ResponseSizeTooLarge, 'Response payload size exceeded', '', OVERSIZED_RESPONSE",
    "java.lang.IllegalStateException, 'x', '', HANDLER"
  })
  void errorsOfAFunctionAreClassified(String type, String message, String tail, FailureKind kind) {
    assertThat(FunctionErrors.kind(type, message, tail)).isEqualTo(kind);
  }

  @Test
  void logTailKeepsTheLastLinesAndDropsFramesFirst() {
    String frames =
        IntStream.range(0, 30)
            .mapToObj(i -> "\tat a.B.c(B.java:" + i + ")\n")
            .collect(Collectors.joining());

    String tail =
        LogTail.of("START\nuser's words\njava.lang.X: why\n" + frames + "END\nREPORT\n\n");

    assertThat(tail.lines()).hasSize(20);
    assertThat(tail)
        .startsWith("START\nuser's words\njava.lang.X: why\n\tat a.B.c(B.java:15)")
        .endsWith("END\nREPORT");
    assertThat(LogTail.of("x".repeat(10_000))).hasSize(4_000);
    assertThat(LogTail.of("")).isEmpty();
  }
}

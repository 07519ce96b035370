// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.local.access.LocalIdentity;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The SDK's signer is the judge. */
final class SignatureCheckTest {
  private static final LocalIdentity IDENTITY = new LocalIdentity("AKID", "secret");
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final String INVOKE =
      "http://127.0.0.1:8080/2015-03-31/functions/letsdata-worker/invocations";
  private static final String BODY = "{\"a\":1}";

  private final SignatureCheck check =
      new SignatureCheck(IDENTITY, Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest
  @ValueSource(
      strings = {
        INVOKE,
        "http://127.0.0.1:8080/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Af/invocations",
        "http://127.0.0.1:8080/2015-03-31/functions/f/invocations?Qualifier=%24LATEST",
        "http://127.0.0.1:8080/2015-03-31/functions/f?b=2&a=%2B%20x&b=1&c="
      })
  void requestThatTheSdkSignedIsAccepted(String uri) {
    assertThat(check.refusal(received(signed(uri, "secret", NOW), BODY))).isEmpty();
  }

  /** A request of botocore, which hashes the body and does not send the hash. */
  @Test
  void requestWithoutTheHashOfItsBodyAsAHeaderIsAccepted() {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("host", List.of("example.amazonaws.com"));
    headers.put("x-amz-date", List.of("20150830T123600Z"));
    headers.put(
        "authorization",
        List.of(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/lambda/aws4_request,"
                + " SignedHeaders=host;x-amz-date,"
                + " Signature=8c416b796946664cdbc404f4c8668a9c46fce92c65b8d0a38a48792d7077b3e9"));
    SignatureCheck.Request request =
        new SignatureCheck.Request(
            "GET", "/", "", headers, SignatureCheck.newDigest().digest(new byte[0]));
    Instant then = Instant.parse("2015-08-30T12:36:00Z");
    SignatureCheck examples =
        new SignatureCheck(
            new LocalIdentity("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            Clock.fixed(then, ZoneOffset.UTC));

    assertThat(examples.refusal(request)).isEmpty();
  }

  @Test
  void anotherSecretIsRefused() {
    assertRefused(received(signed(INVOKE, "another", NOW), BODY), "InvalidSignatureException");
  }

  @Test
  void anotherBodyIsRefused() {
    assertRefused(received(signed(INVOKE, "secret", NOW), "{}"), "InvalidSignatureException");
  }

  @Test
  void anotherPathQueryOrMethodIsRefused() {
    SignatureCheck.Request request = received(signed(INVOKE, "secret", NOW), BODY);

    assertRefused(
        new SignatureCheck.Request(
            "GET", request.rawPath(), "", request.headers(), request.bodyHash()),
        "InvalidSignatureException");
    assertRefused(
        new SignatureCheck.Request(
            "POST", "/2015-03-31/functions/f", "", request.headers(), request.bodyHash()),
        "InvalidSignatureException");
    assertRefused(
        new SignatureCheck.Request(
            "POST", request.rawPath(), "a=b", request.headers(), request.bodyHash()),
        "InvalidSignatureException");
  }

  @Test
  void signatureOfAnotherTimeIsRefused() {
    Duration tooLong = Duration.ofMinutes(6);

    assertRefused(
        received(signed(INVOKE, "secret", NOW.minus(tooLong)), BODY), "InvalidSignatureException");
    assertRefused(
        received(signed(INVOKE, "secret", NOW.plus(tooLong)), BODY), "InvalidSignatureException");
  }

  @Test
  void requestWithoutSignatureIsRefused() {
    SignatureCheck.Request request =
        new SignatureCheck.Request(
            "POST", "/", "", Map.of(), SignatureCheck.newDigest().digest(new byte[0]));

    assertRefused(request, "MissingAuthenticationTokenException");
  }

  private void assertRefused(SignatureCheck.Request request, String type) {
    assertThat(check.refusal(request)).map(SignatureCheck.Refusal::type).contains(type);
  }

  private static SdkHttpRequest signed(String uri, String secret, Instant time) {
    return AwsV4HttpSigner.create()
        .sign(
            r ->
                r.identity(AwsCredentialsIdentity.create("AKID", secret))
                    .request(
                        SdkHttpRequest.builder()
                            .uri(URI.create(uri))
                            .method(SdkHttpMethod.POST)
                            .putHeader("Content-Type", "application/json")
                            .putHeader("X-Amz-Log-Type", "  Tail  ")
                            .build())
                    .payload(() -> new ByteArrayInputStream(BODY.getBytes(UTF_8)))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lambda")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                    .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
        .request();
  }

  private static SignatureCheck.Request received(SdkHttpRequest request, String body) {
    Map<String, List<String>> headers = new HashMap<>();
    request.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    return new SignatureCheck.Request(
        request.method().name(),
        request.getUri().getRawPath(),
        Optional.ofNullable(request.getUri().getRawQuery()).orElse(""),
        headers,
        SignatureCheck.newDigest().digest(body.getBytes(UTF_8)));
  }
}

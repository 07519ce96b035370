// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.local.access.LocalIdentity;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 of requests in the header {@code Authorization} (AWS IAM user guide, "Create
 * a signed AWS API request"). The SDK's signer cannot check: it adds a header that the SDKs of
 * other languages do not send. Thread-safe.
 */
final class SignatureCheck {
  /** Older signatures, and those from the future, are refused. */
  private static final Duration VALIDITY = Duration.ofMinutes(5);

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " +Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request *,"
              + " *SignedHeaders=([^,]+) *, *Signature=([0-9a-f]{64})");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final LocalIdentity identity;
  private final InstantSource clock;

  SignatureCheck(LocalIdentity identity, InstantSource clock) {
    this.identity = identity;
    this.clock = clock;
  }

  /**
   * A request as it was received.
   *
   * @param rawPath encoded, as in the request line
   * @param rawQuery encoded; empty when there is none
   * @param headers values by name in lower case
   * @param bodyHash SHA-256 of the whole body
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared
  record Request(
      String method,
      String rawPath,
      String rawQuery,
      Map<String, List<String>> headers,
      byte[] bodyHash) {

    Optional<String> header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
  }

  /** An error of the service, with status 403. */
  record Refusal(String type, String message) {}

  /** The reason to refuse a request; empty when it was signed with the identity. */
  Optional<Refusal> refusal(Request request) {
    Matcher parts = AUTHORIZATION.matcher(request.header("authorization").orElse("").strip());
    if (!parts.matches()) {
      return refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    if (!parts.group(1).equals(identity.accessKey()) || !parts.group(4).equals("lambda")) {
      return refused(
          "UnrecognizedClientException",
          "The security token included in the request is invalid. The stand-in knows the identity of"
              + " its own start only.");
    }
    List<String> signed = List.of(parts.group(5).split(";", -1));
    String time = request.header("x-amz-date").orElse("");
    if (!signed.containsAll(List.of("host", "x-amz-date")) || !time.startsWith(parts.group(2))) {
      return refused(
          "IncompleteSignatureException", "Host and X-Amz-Date must be among the signed headers.");
    }
    String scope = String.join("/", parts.group(2), parts.group(3), parts.group(4), "aws4_request");
    String toSign =
        String.join(
            "\n", ALGORITHM, time, scope, hex(sha256(canonical(request, signed).getBytes(UTF_8))));
    byte[] key = ("AWS4" + identity.secretKey()).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    if (!MessageDigest.isEqual(hmac(key, toSign), HexFormat.of().parseHex(parts.group(6)))) {
      return refused(
          "InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided. Check your"
              + " AWS Secret Access Key and signing method.");
    }
    return isCurrent(time)
        ? Optional.empty()
        : refused(
            "InvalidSignatureException",
            "Signature expired: %s is too far from %s."
                .formatted(time, TIME.format(clock.instant())));
  }

  private boolean isCurrent(String time) {
    try {
      Instant signedAt = TIME.parse(time, Instant::from);
      return Duration.between(signedAt, clock.instant()).abs().compareTo(VALIDITY) <= 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static Optional<Refusal> refused(String type, String message) {
    return Optional.of(new Refusal(type, message));
  }

  private static String canonical(Request request, List<String> signed) {
    StringBuilder headers = new StringBuilder();
    for (String name : signed) {
      headers.append(name).append(':');
      headers.append(
          request.headers().getOrDefault(name, List.of()).stream()
              .map(value -> value.strip().replaceAll(" +", " "))
              .collect(Collectors.joining(",")));
      headers.append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        encoded(request.rawPath(), "/"), // services other than S3 encode the path twice
        canonicalQuery(request.rawQuery()),
        headers,
        String.join(";", signed),
        hex(request.bodyHash()));
  }

  private static String canonicalQuery(String rawQuery) {
    if (rawQuery.isEmpty()) {
      return "";
    }
    TreeMap<String, List<String>> sorted =
        Arrays.stream(rawQuery.split("&", -1))
            .map(parameter -> parameter.split("=", 2))
            .collect(
                Collectors.groupingBy(
                    parameter -> encoded(decoded(parameter[0]), ""),
                    TreeMap::new,
                    Collectors.mapping(
                        parameter ->
                            parameter.length == 1 ? "" : encoded(decoded(parameter[1]), ""),
                        Collectors.toList())));
    return sorted.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().sorted().map(v -> entry.getKey() + "=" + v))
        .collect(Collectors.joining("&"));
  }

  /** Bytes other than those of RFC 3986's unreserved characters and {@code kept} as %XX. */
  private static String encoded(String text, String kept) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0
              || kept.indexOf(c) >= 0;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  /** A plus sign is itself. */
  private static String decoded(String text) {
    return java.net.URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The digest of a body's hash. */
  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    return newDigest().digest(bytes);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionProvider;
import io.letsdata.options.OptionScope;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** The options of the store, the same for all modules; {@link StoreSettings} are their values. */
@Internal
public final class StoreOptions implements OptionProvider {
  /** Half of the descriptors that a function may open (1,024, AWS Lambda quotas). */
  private static final int MAX_CONNECTIONS_LIMIT = 512;

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

  /** Key ids, ARNs and aliases (AWS KMS, "Key identifiers"). */
  private static final Pattern KMS_KEY_SYNTAX = Pattern.compile("[A-Za-z0-9:/_-]{1,2048}");

  public static final Option<Optional<URI>> ENDPOINT =
      Option.of("spark.letsdata.s3.endpoint", OptionType.endpoint())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs("Address of an S3 that is not AWS's, `http://host:port` or `https://host`.")
          .withoutDefault("AWS's");

  public static final Option<Boolean> ALLOW_HTTP =
      Option.of("spark.letsdata.allow-http", OptionType.flag())
          .describedAs(
              "`true` accepts endpoints with `http://` on other machines. Everybody on the way can then read and change data, payloads and the application's key.")
          .withDefault("false");

  public static final Option<Optional<BucketOwners>> BUCKET_OWNERS =
      Option.of(
              "spark.letsdata.s3.expected-bucket-owner",
              OptionType.parsed(BucketOwners::parse, BucketOwners.RULE))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "Account that must own the buckets: 12 digits for all buckets, `bucket=account` for one, several with commas. S3 refuses every request to a bucket of another account, so a bucket that was deleted and made again by a stranger gets nothing. For `s3a://` it does nothing.")
          .withoutDefault("any account");

  public static final Option<Optional<String>> REGION =
      Option.of("spark.letsdata.s3.region", OptionType.text())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs("Region of the buckets, such as `eu-west-1`.")
          .withoutDefault("the SDK's lookup; with an endpoint `us-east-1`");

  public static final Option<Boolean> PATH_STYLE =
      Option.of("spark.letsdata.s3.path-style-access", OptionType.flag())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "`true` puts the bucket into the path of the URL, `http://host/bucket/key`, and not into the host's name.")
          .withDefault("false");

  public static final Option<Integer> MAX_CONNECTIONS =
      Option.of("spark.letsdata.s3.max-connections", OptionType.integer(1, MAX_CONNECTIONS_LIMIT))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs("Limit of the requests that one process sends at once.")
          .withDefault("64");

  public static final Option<Encryption.Kind> ENCRYPTION =
      Option.of("spark.letsdata.s3.encryption", OptionType.oneOf(Encryption.Kind.class))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "Encryption of every object that is written: shuffle, results and outputs. `bucket` sends no header, so the bucket's own default holds (on AWS at least SSE-S3). `sse-kms` asks for a Bucket Key, so that KMS is not billed for each object.")
          .withDefault("bucket");

  public static final Option<Optional<String>> KMS_KEY =
      Option.of(
              "spark.letsdata.s3.kms-key",
              OptionType.matching(KMS_KEY_SYNTAX, "must be a key's id, ARN or alias"))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "Id, ARN or alias of the KMS key; only with `sse-kms`. Driver and function need `kms:GenerateDataKey` and `kms:Decrypt` for it.")
          .withoutDefault("the account's `aws/s3`");

  public static final Option<CredentialsKind> CREDENTIALS =
      Option.of("spark.letsdata.credentials", OptionType.oneOf(CredentialsKind.class))
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "Where the identity comes from. `default` is the SDK's chain: environment, profile, role. `local-stack` is the identity of a local stack, in `spark.letsdata.credentials-file`. No option holds a secret.")
          .withDefault("default");

  public static final Option<Optional<String>> CREDENTIALS_FILE =
      Option.of("spark.letsdata.credentials-file", OptionType.text())
          .settableIn(OptionScope.SESSION_OR_OPTION)
          .describedAs(
              "File with the identity of the local stack, in the form of AWS's shared credentials file; only with `local-stack`, whose conf names it. Functions of the stack have the identity in their environment.")
          .withoutDefault("none");

  /** All of them. */
  public static final OptionSet ALL =
      OptionSet.of(
          ENDPOINT,
          ALLOW_HTTP,
          REGION,
          PATH_STYLE,
          MAX_CONNECTIONS,
          BUCKET_OWNERS,
          ENCRYPTION,
          KMS_KEY,
          CREDENTIALS,
          CREDENTIALS_FILE);

  /**
   * The value of an option that is an endpoint.
   *
   * @throws io.letsdata.options.InvalidOptionException when it is {@code http://} on another
   *     machine and the session does not allow that
   */
  public static Optional<URI> endpoint(Options options, Option<Optional<URI>> option) {
    Optional<URI> endpoint = options.get(option);
    if (endpoint.isPresent() && isOpenToOthers(endpoint.get()) && !options.get(ALLOW_HTTP)) {
      throw option.invalid(
          endpoint.get().toString(),
          "must be https:// unless it is on this machine or the session sets "
              + ALLOW_HTTP
              + "=true");
    }
    return endpoint;
  }

  /** Whether requests travel to another machine without TLS. Asks no name server. */
  static boolean isOpenToOthers(URI endpoint) {
    String host = endpoint.getHost();
    return "http".equalsIgnoreCase(endpoint.getScheme())
        && !"localhost".equalsIgnoreCase(host)
        && !"[::1]".equals(host)
        && !LOOPBACK.matcher(host).matches();
  }

  /** For {@link java.util.ServiceLoader}. */
  public StoreOptions() {}

  @Override
  public OptionSet options() {
    return ALL;
  }
}

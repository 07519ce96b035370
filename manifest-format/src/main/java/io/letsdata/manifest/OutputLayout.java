// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.manifest.version.PartRef;
import io.letsdata.options.Evolving;
import io.letsdata.options.UrlIdentity;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of a committed output (SPEC.md, "Output layout"). Pure; immutable.
 *
 * <p>Version 1 of {@code s3://b/out} is {@code
 * out/_letsdata/manifests/9223372036854775806-v1.json}: the number before the dash falls as
 * versions rise, so one LIST of two keys under {@link #manifestPrefix()} finds the latest.
 *
 * @param bucket of the output
 * @param prefix of the output, without slash at either end; empty is the whole bucket
 */
@Evolving
public record OutputLayout(String bucket, String prefix) implements Serializable {
  /**
   * Largest number of a version. Jobs count versions from 1 without gaps, and none comes so far
   * (thirty commits a second for a thousand years), so a key of a larger number is not a version:
   * it would be in front of all versions that jobs can write.
   */
  public static final long MAX_VERSION = 1_000_000_000_000L;

  private static final Pattern MANIFEST_NAME =
      Pattern.compile("(\\d{19})-v([1-9]\\d{0,18})\\.json");
  private static final Pattern NAME_PART = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern EXTENSION = Pattern.compile("[A-Za-z0-9]+(\\.[A-Za-z0-9]+)*");

  public OutputLayout {
    if (bucket.isEmpty() || bucket.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + bucket + "' is not a bucket name");
    }
    if (prefix.startsWith("/") || prefix.endsWith("/")) {
      throw new IllegalArgumentException("prefix '" + prefix + "' begins or ends with a slash");
    }
  }

  /**
   * The layout of an output.
   *
   * @param output {@code s3://bucket/prefix}, also s3a and s3n; slashes at its end are removed
   * @throws IllegalArgumentException when it is not such a URI
   */
  public static OutputLayout of(String output) {
    String trimmed = output.strip().replaceFirst("^s3[an]://", "s3://");
    if (!trimmed.startsWith("s3://")) {
      throw new IllegalArgumentException(
          "'" + UrlIdentity.hidden(output) + "' is not of the form s3://bucket/prefix");
    }
    String path = trimmed.substring("s3://".length()).replaceFirst("/+$", "");
    int slash = path.indexOf('/');
    Locations.requireBucket(slash < 0 ? path : path.substring(0, slash));
    return slash < 0
        ? new OutputLayout(path, "")
        : new OutputLayout(path.substring(0, slash), path.substring(slash + 1));
  }

  /** {@code s3://bucket/prefix}, without a slash at the end. */
  public String output() {
    return prefix.isEmpty() ? "s3://" + bucket : "s3://" + bucket + "/" + prefix;
  }

  /** Prefix of every manifest's key, with its slash. */
  public String manifestPrefix() {
    return letsDataPrefix() + "manifests/";
  }

  /** Prefix of the parts of lists of files, with its slash. */
  public String partPrefix() {
    return letsDataPrefix() + "parts/";
  }

  /** The key of a part with this name. */
  public String partKey(String name) {
    if (!PartRef.isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not the name of a part");
    }
    return partPrefix() + name;
  }

  /** Prefix of the holds of readers, with its slash. */
  public String holdPrefix() {
    return letsDataPrefix() + "holds/";
  }

  /** Prefix of all keys that are not data; tools that list skip it. With its slash. */
  public String letsDataPrefix() {
    return under("_letsdata/");
  }

  /** Prefix of every data object's key, with its slash. */
  public String dataPrefix() {
    return under("data/");
  }

  /**
   * The key of a manifest version.
   *
   * @param version from 1 to {@link #MAX_VERSION}
   */
  public String manifestKey(long version) {
    if (version < 1 || version > MAX_VERSION) {
      throw new IllegalArgumentException(
          "version must be from 1 to " + MAX_VERSION + ", not " + version);
    }
    return String.format(
        Locale.ROOT, "%s%019d-v%d.json", manifestPrefix(), Long.MAX_VALUE - version, version);
  }

  /**
   * The version of a key that {@link #manifestKey} made for this output; empty for any other key.
   */
  public OptionalLong versionOf(String key) {
    if (!key.startsWith(manifestPrefix())) {
      return OptionalLong.empty();
    }
    Matcher name = MANIFEST_NAME.matcher(key.substring(manifestPrefix().length()));
    return name.matches() ? parse(key, name.group(2)) : OptionalLong.empty();
  }

  private OptionalLong parse(String key, String digits) {
    try {
      long version = Long.parseLong(digits);
      return version <= MAX_VERSION && key.equals(manifestKey(version))
          ? OptionalLong.of(version)
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * The key of a data object: unique because of its nonce; a listing sorts the keys by partition.
   *
   * @param partition of the write, from 0
   * @param taskId Spark's, unique in the application
   * @param nonce unique to the invocation and the object; letters, digits, {@code -} and {@code _}
   * @param extension without leading dot, such as {@code json.gz}; codecs are chosen by it
   */
  public String dataKey(int partition, long taskId, String nonce, String extension) {
    if (partition < 0 || taskId < 0 || !NAME_PART.matcher(nonce).matches()) {
      throw new IllegalArgumentException(
          "partition %s, task %s, nonce '%s'".formatted(partition, taskId, nonce));
    }
    if (!EXTENSION.matcher(extension).matches()) {
      throw new IllegalArgumentException("extension '" + extension + "'");
    }
    return String.format(
        Locale.ROOT, "%s%05d-%d-%s.%s", dataPrefix(), partition, taskId, nonce, extension);
  }

  /** {@code s3://bucket/key} of a key of this output. */
  public String locationOf(String key) {
    return Locations.requireLocation("s3://" + bucket + "/" + key);
  }

  /**
   * The layout of the output whose manifest is at {@code location}; empty when it is not a
   * manifest.
   */
  public static Optional<OutputLayout> ofManifest(String location) {
    int end = location.lastIndexOf("_letsdata/manifests/");
    if (end < 0 || !location.startsWith("s3://")) {
      return Optional.empty();
    }
    OutputLayout layout = of(location.substring(0, end));
    return layout.versionOf(Locations.key(location)).isPresent()
        ? Optional.of(layout)
        : Optional.empty();
  }

  private String under(String name) {
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }
}

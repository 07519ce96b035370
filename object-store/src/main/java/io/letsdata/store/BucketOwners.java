// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that must own the buckets (S3 user guide, "Verifying bucket ownership with bucket
 * owner condition"). A bucket's name is free for everybody after it was deleted; with its owner
 * named, requests to a stranger's bucket of that name are refused by S3. Immutable.
 *
 * @param byBucket account of each bucket that is named
 * @param others account of all buckets that are not; absent means any
 */
@Evolving
public record BucketOwners(Map<String, String> byBucket, Optional<String> others) {
  /** Nothing is asked. */
  public static final BucketOwners ANY = new BucketOwners(Map.of(), Optional.empty());

  static final String RULE =
      "must be an account of 12 digits, or bucket=account, several with commas, no bucket twice";

  private static final Pattern ENTRY = Pattern.compile("(?:([a-zA-Z0-9._-]+)\\s*=\\s*)?(\\d{12})");

  public BucketOwners {
    byBucket = Map.copyOf(byBucket);
  }

  /**
   * Reads {@code 111122223333} for all buckets, {@code results=111122223333} for one, and lists of
   * them with commas.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static BucketOwners parse(String text) {
    Map<String, String> byBucket = new TreeMap<>();
    Optional<String> others = Optional.empty();
    for (String part : text.split(",", -1)) {
      Matcher entry = ENTRY.matcher(part.strip());
      if (!entry.matches()) {
        throw new IllegalArgumentException("'" + part.strip() + "' " + RULE);
      }
      String account = Objects.requireNonNull(entry.group(2));
      @Nullable String bucket = entry.group(1);
      boolean again;
      if (bucket == null) {
        again = others.isPresent();
        others = Optional.of(account);
      } else {
        again = byBucket.put(bucket, account) != null;
      }
      if (again) {
        throw new IllegalArgumentException("'" + part.strip() + "' names a bucket again");
      }
    }
    return new BucketOwners(byBucket, others);
  }

  /** The account that must own {@code bucket}; empty when any may. */
  public Optional<String> of(String bucket) {
    return Optional.ofNullable(byBucket.get(bucket)).or(() -> others);
  }

  /** The text that {@link #parse} reads back; empty for {@link #ANY}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(others.orElse(""));
    new TreeMap<>(byBucket)
        .forEach(
            (bucket, account) ->
                text.append(text.isEmpty() ? "" : ",").append(bucket).append('=').append(account));
    return text.toString();
  }
}

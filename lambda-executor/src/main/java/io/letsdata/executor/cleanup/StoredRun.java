// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.cleanup;

import static java.util.regex.Pattern.quote;

import io.letsdata.store.ObjectLocation;
import java.time.Duration;
import java.time.Instant;

/**
 * What one application has in the store.
 *
 * @param root {@code <run location>/<application id>}, off the Lambda master with {@code -<nonce>}
 * @param objects how many
 * @param lengthBytes of all objects together
 * @param uploads in parts, neither completed nor aborted
 * @param lastSign when it last stored something, its sign of life included; by the store's clock
 * @param ended it has taken back both its conf and its sign of life, which a driver of the Lambda
 *     master does at its end; what is left was stored by invocations that ended later. False on
 *     other masters, which store no conf
 */
public record StoredRun(
    ObjectLocation root,
    long objects,
    long lengthBytes,
    int uploads,
    Instant lastSign,
    boolean ended) {

  /** The application's id; off the Lambda master, where ids are not unique, with a nonce. */
  public String application() {
    return root.key().substring(root.key().lastIndexOf('/') + 1);
  }

  /** Whether {@code name} is {@link #application}, or that without its nonce. */
  public boolean isOf(String name) {
    return application().equals(name) || application().matches(quote(name) + "-[0-9a-f]{16}");
  }

  /**
   * Whether its driver may be alive: it has not ended, and gave a sign within {@code silence}
   * before {@code now}.
   */
  public boolean mayRun(Instant now, Duration silence) {
    return !ended && isYoung(now, silence);
  }

  /** Whether it stored something within {@code silence} before {@code now}. */
  public boolean isYoung(Instant now, Duration silence) {
    return lastSign.plus(silence).isAfter(now);
  }
}

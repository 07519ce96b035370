// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.cleanup;

import static java.util.regex.Pattern.quote;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.time.Duration;
import java.time.Instant;

/**
 * The objects of one application in the store. Immutable.
 *
 * @param root {@code <run location>/<application id>}; on other masters than Lambda {@code
 *     -<nonce>} follows
 * @param objects number of objects
 * @param lengthBytes of all objects together
 * @param uploads multipart uploads that were neither completed nor aborted
 * @param lastSign when it last stored an object, its heartbeat included; by the store's clock
 * @param ended whether it has deleted both its conf and its heartbeat, as a driver of the Lambda
 *     master does at its end; other objects were stored by invocations that ended later. False on
 *     other masters, which store no conf
 */
@Internal
public record StoredRun(
    ObjectLocation root,
    long objects,
    long lengthBytes,
    int uploads,
    Instant lastSign,
    boolean ended) {

  /** The application's id; on other masters than Lambda, where ids are not unique, with a nonce. */
  public String application() {
    return root.key().substring(root.key().lastIndexOf('/') + 1);
  }

  /** Whether {@code name} is {@link #application}, or that without its nonce. */
  public boolean isOf(String name) {
    return application().equals(name) || application().matches(quote(name) + "-[0-9a-f]{16}");
  }

  /**
   * Whether its driver may be running: it has not ended, and stored an object within {@code
   * silence} before {@code now}.
   */
  public boolean mayRun(Instant now, Duration silence) {
    return !ended && isYoung(now, silence);
  }

  /** Whether it stored an object within {@code silence} before {@code now}. */
  public boolean isYoung(Instant now, Duration silence) {
    return lastSign.plus(silence).isAfter(now);
  }
}

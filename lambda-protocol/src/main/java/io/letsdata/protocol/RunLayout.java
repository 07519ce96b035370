// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The keys of one application's objects, all under one root with the application's UUID in it.
 *
 * <p>Every object is written once. Keys that a worker writes carry the nonce of its invocation;
 * keys that only the driver writes carry ids that are unique in an application. Pure; no request.
 *
 * @param root {@code <spark.letsdata.run.location>/<application id>}
 */
@Internal
public record RunLayout(ObjectLocation root) {
  private static final String RESULT = "result/";

  /** The published Spark conf; taken with put-if-absent, so that a prefix in use is refused. */
  public ObjectLocation conf() {
    return root.resolve("conf.json");
  }

  /** One piece of a broadcast, by Spark's block name. */
  public ObjectLocation broadcast(String blockName) {
    return root.resolve("broadcast/" + blockName);
  }

  /** Serialized map statuses or an offsets table of a shuffle; named by content. */
  public ObjectLocation mapStatuses(int shuffleId, String version, String kind) {
    return root.resolve("map-status/" + shuffleId + "-" + version + "." + kind);
  }

  /** A payload too large for an invocation. */
  public ObjectLocation payload(String dispatch) {
    return root.resolve("payload/" + dispatch);
  }

  /**
   * The response of a dispatch, stored for the case that the connection breaks. The first
   * invocation wins.
   */
  public ObjectLocation response(String dispatch) {
    return root.resolve("response/" + dispatch);
  }

  /** A task result too large for a response. */
  public ObjectLocation result(String dispatch, String invocation) {
    return root.resolve(RESULT + dispatch + "-" + invocation);
  }

  /** Prefix of the keys of a dispatch's results, whichever invocation stored them. */
  public String resultsPrefix(String dispatch) {
    return root.key() + "/" + RESULT + dispatch + "-";
  }

  /**
   * The right to run the task of a dispatch, taken by its first invocation. Only for tasks that
   * cannot run twice at once: Hadoop's RDD writers name their temporary folders by partition and
   * attempt number alone.
   */
  public ObjectLocation claim(String dispatch) {
    return root.resolve("claim/" + dispatch);
  }

  /** The kill flag of a dispatch: it exists when the driver wants the task to end. */
  public ObjectLocation kill(String dispatch) {
    return root.resolve("kill/" + dispatch);
  }

  /** A serialized cached block. */
  public ObjectLocation cachedBlock(String blockName, String invocation) {
    return root.resolve("rdd/" + blockName + "-" + invocation);
  }

  /** A copy of a file or jar that the driver serves. */
  public ObjectLocation file(String url, long timestamp) {
    return root.resolve("file/" + sha256(url.getBytes(StandardCharsets.UTF_8)) + "-" + timestamp);
  }

  /**
   * The commit right of one partition, for committers that ask Spark's coordinator. The invocation
   * that creates the object holds the right of this generation; the driver creates it to revoke the
   * right, and then uses the next generation.
   */
  public ObjectLocation commit(int stageId, int partition, int generation) {
    return root.resolve("commit/" + stageId + "/" + partition + "/" + generation);
  }

  /**
   * A location that a message names, when it is below the root of this application.
   *
   * @throws ObjectNotAuthentic when it is elsewhere: no message of this application names it
   */
  public ObjectLocation own(String location) throws ObjectNotAuthentic {
    ObjectLocation named;
    try {
      named = ObjectLocation.parse(location);
    } catch (IllegalArgumentException e) {
      throw new ObjectNotAuthentic(root, "a message names '" + location + "'");
    }
    if (!named.bucket().equals(root.bucket()) || !named.key().startsWith(root.key() + "/")) {
      throw new ObjectNotAuthentic(named, "it is not below " + root);
    }
    return named;
  }

  /** First 24 hex digits of the SHA-256: names content-addressed objects. */
  public static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}

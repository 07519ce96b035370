// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.request;

import io.letsdata.options.Evolving;
import io.letsdata.store.RequestCounts;
import java.io.Serializable;
import java.util.Locale;

/**
 * The requests and bytes of an application's shuffles. Failed tasks are counted too: they were
 * billed. Serializable, because Spark sends a failed task's values, not its accumulators alone.
 *
 * @param requests as the shuffle sent them: repetitions by the S3 client are not counted, bytes
 *     read are those requested
 * @param hedges requests that were sent because another one was late
 * @param brokenBodies GETs that continued where a body had broken off
 * @param inlineOutputs map outputs that needed no object
 * @param inlineBytes bytes of these, without their indexes
 * @param footers map outputs whose offsets were in no table, so that their footers were read
 * @param fallbacks segments that were read from their own objects because a merged object failed
 * @param combinedSegments segments that reduce tasks read from merged objects
 * @param combinedBytes bytes of these
 */
@Evolving
public record ShuffleReport(
    RequestCounts requests,
    long hedges,
    long brokenBodies,
    long inlineOutputs,
    long inlineBytes,
    long footers,
    long fallbacks,
    long combinedSegments,
    long combinedBytes)
    implements Serializable {
  /** Nothing. */
  public static final ShuffleReport ZERO =
      new ShuffleReport(RequestCounts.ZERO, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Field by field. */
  public ShuffleReport plus(ShuffleReport other) {
    return new ShuffleReport(
        requests.plus(other.requests),
        hedges + other.hedges,
        brokenBodies + other.brokenBodies,
        inlineOutputs + other.inlineOutputs,
        inlineBytes + other.inlineBytes,
        footers + other.footers,
        fallbacks + other.fallbacks,
        combinedSegments + other.combinedSegments,
        combinedBytes + other.combinedBytes);
  }

  /** The requests at S3's list price. */
  public double dollars() {
    return requests.dollars();
  }

  /** One line, which Spark's UI shows. */
  @Override
  public String toString() {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%d PUT, %d GET, %d HEAD, %d POST, %d DELETE; %,d bytes written, %,d read; $%.6f",
                requests.put(),
                requests.get(),
                requests.head(),
                requests.post(),
                requests.delete(),
                requests.bytesOut(),
                requests.bytesIn(),
                dollars()));
    append(line, inlineOutputs, "%,d outputs inline (" + inlineBytes + " bytes)");
    append(line, hedges, "%,d sent twice");
    append(line, brokenBodies, "%,d bodies broken off");
    append(line, footers, "%,d footers");
    append(
        line, combinedSegments, "%,d segments from merged objects (" + combinedBytes + " bytes)");
    append(line, fallbacks, "%,d segments not from merged objects");
    return line.toString();
  }

  private static void append(StringBuilder line, long count, String text) {
    if (count > 0) {
      line.append("; ").append(String.format(Locale.ROOT, text, count));
    }
  }
}

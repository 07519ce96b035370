// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.options.Internal;
import java.util.function.Supplier;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * The session that a read or a write belongs to. Spark passes the session to a data source of the
 * first version (writes), and sets it active while it plans a query (scans). It passes none while
 * it loads a table (DataSourceV2Utils.loadV2Source, 3.5.9). Stateless.
 */
@Internal
public final class Sessions {
  private Sessions() {}

  /**
   * The session for a table that is being loaded: the active one of this thread, else the default
   * one, else a new one of the running application. A session of an application that was stopped
   * counts for nothing.
   *
   * @throws IllegalStateException when no application runs in this process
   */
  public static SparkSession current() {
    Option<SparkSession> active = SparkSession.getActiveSession();
    if (isUsable(active)) {
      return active.get();
    }
    Option<SparkSession> fallback = SparkSession.getDefaultSession();
    if (isUsable(fallback)) {
      return fallback.get();
    }
    if (SparkContext$.MODULE$.getActive().isEmpty()) {
      throw new IllegalStateException(
          "Cannot find the Spark session: no application runs in this process. Create a session first.");
    }
    return SparkSession.builder().getOrCreate();
  }

  private static boolean isUsable(Option<SparkSession> session) {
    return session.isDefined() && !session.get().sparkContext().isStopped();
  }

  /**
   * Runs {@code action} with {@code session} as the active one of this thread, and restores the one
   * before.
   */
  public static <T> T with(SparkSession session, Supplier<T> action) {
    Option<SparkSession> before = SparkSession.getActiveSession();
    SparkSession.setActiveSession(session);
    try {
      return action.get();
    } finally {
      if (before.isDefined()) {
        SparkSession.setActiveSession(before.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.StoreException;
import java.io.FileNotFoundException;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FileSourceOptions$;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Which objects a read passes over, as Spark's own sources do: the options {@code
 * ignoreMissingFiles} and {@code ignoreCorruptFiles}, else the session's {@code
 * spark.sql.files.ignore…}. Immutable; it is serialized to the worker.
 */
@Internal
public record IgnoredFiles(boolean missing, boolean corrupt) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A cause chain may be circular. */
  private static final int MAX_DEPTH = 50;

  public static final IgnoredFiles NONE = new IgnoredFiles(false, false);

  public static IgnoredFiles of(SparkSession session, Map<String, String> options) {
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
    return new IgnoredFiles(
        given.getBoolean(
            FileSourceOptions$.MODULE$.IGNORE_MISSING_FILES(),
            session.sessionState().conf().ignoreMissingFiles()),
        given.getBoolean(
            FileSourceOptions$.MODULE$.IGNORE_CORRUPT_FILES(),
            session.sessionState().conf().ignoreCorruptFiles()));
  }

  /**
   * Whether the rest of an object is passed over after this failure. A refusal or an outage of the
   * store means nothing about the object, so it is never passed over; Spark's own sources do.
   */
  public boolean covers(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof ObjectNotFound || cause instanceof FileNotFoundException) {
        return missing;
      }
      if (cause instanceof StoreException) {
        return false;
      }
      cause = cause.getCause();
    }
    return corrupt;
  }
}

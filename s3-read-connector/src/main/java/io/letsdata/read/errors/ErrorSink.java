// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.errors;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreSettings;
import java.io.Serializable;
import java.util.Locale;

/**
 * Where the tasks of one read write documents. Immutable; it is serialized to the worker.
 *
 * @param dataset name of the input
 * @param run unique to the scan
 * @param prefix {@code s3://bucket/prefix}
 * @param recordBytes most bytes of a record in its document
 * @param maxErrors with more, the task fails
 * @param maxRatio largest share of bad records; with a larger one, the task fails at its end
 */
@Internal
public record ErrorSink(
    String dataset,
    String run,
    ObjectLocation prefix,
    int recordBytes,
    long maxErrors,
    double maxRatio,
    StoreSettings store)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The sink of one scan.
   *
   * @param run unique to the scan
   */
  public static ErrorSink of(
      String dataset, String run, ErrorOptions options, StoreSettings store) {
    return new ErrorSink(
        dataset,
        run,
        options.path(),
        options.recordBytes(),
        options.maxErrors().orElse(Long.MAX_VALUE),
        options.maxRatio(),
        store);
  }

  /** Fewer records are no share: one bad record of two means nothing. */
  static final long SHARE_RECORDS = 100;

  /**
   * Fails when there are more bad records than the user allows.
   *
   * @param errors bad records
   * @param records good ones
   * @param last the last bad one, for the message
   */
  public void check(long errors, long records, String last) throws TooManyErrors {
    boolean many = errors > maxErrors;
    boolean share =
        errors + records >= SHARE_RECORDS && errors > maxRatio * ((double) errors + records);
    if (many || share) {
      throw new TooManyErrors(
          "Cannot read %s: %s bad records beside %s good ones, and '%s' allows %s. The last: %s. Their documents are below %s; correct the input, or raise the option."
              .formatted(
                  dataset,
                  errors,
                  records,
                  many ? ErrorOptions.MAX_ERRORS : ErrorOptions.MAX_RATIO,
                  many ? Long.toString(maxErrors) : Double.toString(maxRatio),
                  last,
                  prefix));
    }
  }

  /** The key of a task's documents: the same for every attempt, which writes the same. */
  ObjectLocation location(int task, int part) {
    return new ObjectLocation(
        prefix.bucket(),
        String.format(Locale.ROOT, "%s/%s/%05d-%03d.json", prefix.key(), run, task, part));
  }
}

package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.FetchLimits;
import io.letsdata.shuffle.MapOutputUpload;
import java.util.List;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * The shuffle's own options; see the README's table. Immutable.
 *
 * @param partBytes memory of one map output being written, and the length of its parts
 * @param limits of one reduce task's prefetching
 */
record ShuffleSettings(int partBytes, FetchLimits limits) {
  static final String PREFIX = "spark.letsdata.shuffle.";
  static final String PART_SIZE = PREFIX + "part-size";
  static final String FETCH_BYTES = PREFIX + "fetch-bytes-in-flight";
  static final String FETCH_REQUESTS = PREFIX + "fetch-requests-in-flight";
  private static final List<String> KEYS = List.of(PART_SIZE, FETCH_BYTES, FETCH_REQUESTS);

  static ShuffleSettings from(SparkConf conf) {
    refuseUnknown(conf);
    long partBytes = size(conf, PART_SIZE, "32m", MapOutputUpload.MIN_PART_BYTES, 1 << 30);
    long bytes = size(conf, FETCH_BYTES, "48m", 1 << 20, 1L << 40);
    return new ShuffleSettings(
        (int) partBytes, FetchLimits.of(count(conf, FETCH_REQUESTS, 8, 256), bytes));
  }

  private static void refuseUnknown(SparkConf conf) {
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
      if (!KEYS.contains(PREFIX + setting._1())) {
        throw new IllegalArgumentException(
            "Unknown setting "
                + PREFIX
                + setting._1()
                + ". The shuffle knows "
                + String.join(", ", KEYS)
                + ".");
      }
    }
  }

  private static long size(SparkConf conf, String key, String byDefault, long least, long most) {
    long bytes;
    try {
      bytes = conf.getSizeAsBytes(key, byDefault);
    } catch (RuntimeException e) { // NumberFormatException, or what Spark makes of it
      throw new IllegalArgumentException(
          "Invalid value for "
              + key
              + ": '"
              + conf.get(key, byDefault)
              + "' (must be a size, such as 8m)",
          e);
    }
    if (bytes < least || bytes > most) {
      throw new IllegalArgumentException(
          "Invalid value for "
              + key
              + ": '"
              + conf.get(key, byDefault)
              + "' (must be between "
              + least
              + " and "
              + most
              + " bytes)");
    }
    return bytes;
  }

  private static int count(SparkConf conf, String key, int byDefault, int most) {
    String text = conf.get(key, String.valueOf(byDefault));
    int count = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (count < 1 || count > most) {
      throw new IllegalArgumentException(
          "Invalid value for " + key + ": '" + text + "' (must be between 1 and " + most + ")");
    }
    return count;
  }
}

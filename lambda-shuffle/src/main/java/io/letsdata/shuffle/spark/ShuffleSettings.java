// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.fetch.FetchLimits;
import io.letsdata.shuffle.write.MapOutputUpload;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * The shuffle's own options; see the README's table. Immutable.
 *
 * @param partBytes length of a part; twice this is the memory of one map output being written
 * @param inlineBytes a map output up to this length, with its index, goes through the driver
 * @param limits of one reduce task's prefetching
 * @param hedgeShare of GETs that may be sent twice
 * @param bounds of the driver
 * @param startCheck whether the driver tries the store before the first task
 * @param exchange of combining
 */
record ShuffleSettings(
    int partBytes,
    int inlineBytes,
    FetchLimits limits,
    double hedgeShare,
    DriverBounds bounds,
    boolean startCheck,
    ExchangeOptions exchange) {
  static final String PREFIX = "spark.letsdata.shuffle.";
  static final String PART_SIZE = PREFIX + "part-size";
  static final String FETCH_BYTES = PREFIX + "fetch-bytes-in-flight";
  static final String FETCH_REQUESTS = PREFIX + "fetch-requests-in-flight";
  static final String HEDGE_SHARE = PREFIX + "hedge-share";
  static final String INLINE_MAP = PREFIX + "inline-map-size";
  static final String INLINE_PAYLOAD = PREFIX + "inline-payload-size";
  static final String INLINE_MEMORY = PREFIX + "inline-memory";
  static final String OFFSETS_MEMORY = PREFIX + "offsets-memory";
  static final String START_CHECK = PREFIX + "start-check";
  static final String EXCHANGE = PREFIX + "exchange";
  static final String MERGE_SIZE = PREFIX + "merge-size";
  static final String MERGE_TIMEOUT = PREFIX + "merge-timeout";
  static final String SECOND_PRICE = PREFIX + "second-price";
  static final List<String> KEYS =
      List.of(
          PART_SIZE,
          FETCH_BYTES,
          FETCH_REQUESTS,
          HEDGE_SHARE,
          INLINE_MAP,
          INLINE_PAYLOAD,
          INLINE_MEMORY,
          OFFSETS_MEMORY,
          START_CHECK,
          EXCHANGE,
          MERGE_SIZE,
          MERGE_TIMEOUT,
          SECOND_PRICE);

  static ShuffleSettings from(SparkConf conf) {
    refuseUnknown(conf);
    long partBytes = size(conf, PART_SIZE, "16m", MapOutputUpload.MIN_PART_BYTES, 1 << 30);
    long bytes = size(conf, FETCH_BYTES, "48m", 1 << 20, 1L << 40);
    DriverBounds bounds =
        new DriverBounds(
            size(conf, OFFSETS_MEMORY, "64m", 1 << 20, 1L << 40),
            size(conf, INLINE_MEMORY, "32m", 0, 1 << 29),
            (int) size(conf, INLINE_PAYLOAD, "512k", 0, 4 << 20),
            DriverBounds.DEFAULT.stageBytes());
    return new ShuffleSettings(
        (int) partBytes,
        (int) size(conf, INLINE_MAP, "64k", 0, 1 << 20),
        FetchLimits.of(count(conf, FETCH_REQUESTS, 8, 256), bytes),
        number(conf, HEDGE_SHARE, "0.01", 0.1),
        bounds,
        conf.getBoolean(START_CHECK, true),
        new ExchangeOptions(
            mode(conf),
            (int) size(conf, MERGE_SIZE, "64m", 1 << 20, 1 << 29),
            duration(conf, MERGE_TIMEOUT, "600s"),
            number(conf, SECOND_PRICE, "0.0001", 1)));
  }

  private static ExchangeOptions.Mode mode(SparkConf conf) {
    String text = conf.get(EXCHANGE, "auto");
    for (ExchangeOptions.Mode mode : ExchangeOptions.Mode.values()) {
      if (text.equals(mode.name().toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "Invalid value for " + EXCHANGE + ": '" + text + "' (must be auto, direct or combined)");
  }

  private static Duration duration(SparkConf conf, String key, String byDefault) {
    Duration duration;
    try {
      duration = Duration.ofSeconds(conf.getTimeAsSeconds(key, byDefault));
    } catch (RuntimeException e) { // NumberFormatException, or what Spark makes of it
      throw new IllegalArgumentException(
          "Invalid value for "
              + key
              + ": '"
              + conf.get(key, byDefault)
              + "' (must be a time, such as 60s)",
          e);
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0
        || duration.compareTo(Duration.ofSeconds(900)) > 0) {
      throw new IllegalArgumentException(
          "Invalid value for "
              + key
              + ": '"
              + conf.get(key, byDefault)
              + "' (must be between 1s and 900s)");
    }
    return duration;
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

  private static double number(SparkConf conf, String key, String byDefault, double most) {
    String text = conf.get(key, byDefault);
    double number = text.matches("[0-9]{1,3}([.][0-9]{1,9})?") ? Double.parseDouble(text) : -1;
    if (number < 0 || number > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid value for %s: '%s' (must be between 0 and %s)",
              key,
              text,
              most == 1 ? "1" : String.valueOf(most)));
    }
    return number;
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

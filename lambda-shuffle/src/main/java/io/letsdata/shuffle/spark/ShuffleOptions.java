// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionProvider;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.shuffle.write.MapOutputUpload;
import java.time.Duration;

/** The options of the shuffle; {@link ShuffleSettings} are their values. */
@Internal
public final class ShuffleOptions implements OptionProvider {
  private static final String PREFIX = Option.PREFIX + "shuffle.";

  static final Option<Long> PART_SIZE =
      Option.of(PREFIX + "part-size", OptionType.bytes(MapOutputUpload.MIN_PART_BYTES, 1 << 30))
          .describedAs(
              "Length of a part, and half the memory of one output that Spark's sort writer writes (or its unsafe writer with several spills): an output of up to two parts is 1 PUT, and a longer one is uploaded in parts while it is written. An output that is complete before it is stored, in the task's memory or in a spill file, needs no buffer: up to eight times this length, and at most S3's 5 GiB, it is 1 PUT, and a longer one is uploaded in parts of twice this length, four at once.")
          .withDefault("16m");

  static final Option<Long> FETCH_BYTES =
      Option.of(PREFIX + "fetch-bytes-in-flight", OptionType.bytes(1 << 20, 1L << 40))
          .describedAs("Memory of one reduce task's prefetch; the same default as Spark's own.")
          .withDefault("48m");

  static final Option<Integer> FETCH_REQUESTS =
      Option.of(PREFIX + "fetch-requests-in-flight", OptionType.integer(1, 256))
          .describedAs(
              "GETs of one reduce task at once. Four times as many are sent while less than 4 MiB are requested or wait to be consumed, because latency limits small blocks. All tasks of a process send at most 64 together.")
          .withDefault("8");

  static final Option<Double> HEDGE_SHARE =
      Option.of(PREFIX + "hedge-share", OptionType.decimal(0, 0.1))
          .describedAs(
              "Share of the requests that may be sent a second time when they are late, that is, after twice the 95th percentile of their kind and size: GETs of segments, and PUTs of whole outputs.")
          .withDefault("0.01");

  static final Option<Boolean> START_CHECK =
      Option.of(PREFIX + "start-check", OptionType.flag())
          .describedAs(
              "Whether the driver stores, reads and deletes one object at its start, and looks for one that does not exist, so that an error names a missing bucket or permission before any task runs. The Lambda master makes its own check instead. Set `false` where only executors may use the bucket: then nothing is deleted, offsets above `inline-payload-size` come from footers, and `letsdata gc` must not clean the prefix, because the driver cannot store its sign of life.")
          .withDefault("true");

  static final Option<Long> INLINE_MAP =
      Option.of(PREFIX + "inline-map-size", OptionType.bytes(0, 1 << 20))
          .describedAs(
              "A map output up to this size, its index included, passes through the driver and costs no request: its PUT alone would cost as much as 150 ms of a 2 GB function. `0` stores all outputs.")
          .withDefault("64k");

  static final Option<Long> INLINE_PAYLOAD =
      Option.of(PREFIX + "inline-payload-size", OptionType.bytes(0, 4 << 20))
          .describedAs(
              "Offsets and small outputs of one shuffle up to this size travel with each task, while a stage's tasks need at most 64 MiB for them together. Larger ones cost 1 PUT, and each task 1 GET of its own columns.")
          .withDefault("512k");

  static final Option<Long> INLINE_MEMORY =
      Option.of(PREFIX + "inline-memory", OptionType.bytes(0, 1 << 29))
          .describedAs(
              "Small outputs in the driver's memory, all shuffles together. Beyond this the driver stores the objects that their tasks did not have to store.")
          .withDefault("32m");

  static final Option<Long> OFFSETS_MEMORY =
      Option.of(PREFIX + "offsets-memory", OptionType.bytes(1 << 20, 1L << 40))
          .describedAs(
              "Offsets in the driver's memory, all shuffles together, at about 7 bytes a block. Beyond this they move to the store, 1 PUT for each 16 MiB, and a task reads one more table for each, all at once. While a PUT is in progress the memory may be twice as much.")
          .withDefault("64m");

  static final Option<ExchangeOptions.Mode> EXCHANGE =
      Option.of(PREFIX + "exchange", OptionType.oneOf(ExchangeOptions.Mode.class))
          .describedAs(
              "How stored outputs reach reduce tasks. `direct` reads them, `combined` has functions merge them first and needs a `lambda://` master, `auto` takes the cheaper one. The driver logs its choice and the figures.")
          .withDefault("auto");

  static final Option<Long> MERGE_SIZE =
      Option.of(PREFIX + "merge-size", OptionType.bytes(1 << 20, 1 << 29))
          .describedAs(
              "Segments in one merged object, which is memory of one worker besides its prefetch; at most a quarter of the function's memory is used.")
          .withDefault("64m");

  static final Option<Duration> MERGE_TIMEOUT =
      Option.of(
              PREFIX + "merge-timeout",
              OptionType.duration(Duration.ofSeconds(1), Duration.ofSeconds(900)))
          .describedAs(
              "A merge that is expected to take longer is not planned. A reduce stage waits twice the expected time of its merges and half a minute more, and at most this long; then the rest is read directly, and merges in progress are ordered to end.")
          .withDefault("600s");

  static final Option<Double> SECOND_PRICE =
      Option.of(PREFIX + "second-price", OptionType.decimal(0, 1))
          .describedAs(
              "Dollars that a second of the query is worth when plans are compared; the default is about the price of a small driver machine. `0` chooses the fewest dollars, `1` the fewest seconds.")
          .withDefault("0.0001");

  /** All of them. */
  public static final OptionSet ALL =
      OptionSet.of(
          PART_SIZE,
          FETCH_BYTES,
          FETCH_REQUESTS,
          HEDGE_SHARE,
          START_CHECK,
          INLINE_MAP,
          INLINE_PAYLOAD,
          INLINE_MEMORY,
          OFFSETS_MEMORY,
          EXCHANGE,
          MERGE_SIZE,
          MERGE_TIMEOUT,
          SECOND_PRICE);

  /** For {@link java.util.ServiceLoader}. */
  public ShuffleOptions() {}

  @Override
  public OptionSet options() {
    return RunOptions.ALL.plus(ALL);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import io.letsdata.options.Internal;
import io.letsdata.options.Option;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionType;
import io.letsdata.options.Options;
import java.io.Serializable;
import java.util.Map;

/**
 * How a reader of WARC takes objects that deviate from the standard. Immutable; it is serialized to
 * the worker.
 *
 * @param maxRecordBytes longest block that is loaded into memory
 */
@Internal
public record WarcOptions(Mode mode, long maxRecordBytes) implements Serializable {

  /** The treatment of deviations and damage; the names are those of Spark's {@code mode}. */
  public enum Mode {
    FAILFAST,
    PERMISSIVE,
    DROPMALFORMED
  }

  private static final long GIB = 1024L * 1024 * 1024;

  public static final Option<Mode> MODE =
      Option.of("mode", OptionType.oneOf(Mode.class))
          .describedAs(
              "`failfast`: any deviation of framing, and any damage, is an error. `permissive`: deviations that leave no doubt where a record ends are accepted. `dropmalformed`: so they are, and damaged records are left out. Both are counted and logged.")
          .withDefault("failfast");

  public static final Option<Long> MAX_RECORD_BYTES =
      Option.of("max-record-bytes", OptionType.bytes(1024, 2 * GIB - 1024))
          .describedAs(
              "Longest block that `content`, `payload` and `text` load, and longest decoded payload. A longer one is an error, and is left out with `dropmalformed`; it does no harm when a filter on other columns removes it.")
          .withDefault("256m");

  /** In the order of the documentation. */
  public static final OptionSet ALL = OptionSet.of(MODE, MAX_RECORD_BYTES);

  /** The defaults. */
  public static final WarcOptions DEFAULT = of(Map.of());

  /**
   * The options of a read.
   *
   * @throws io.letsdata.options.InvalidOptionException naming option, value and rule
   */
  public static WarcOptions of(Map<String, String> given) {
    Options options = Options.ofSession(Map.of()).withOptions(given);
    return new WarcOptions(options.get(MODE), options.get(MAX_RECORD_BYTES));
  }

  /** With the mode {@code dropmalformed}. */
  public WarcOptions droppingDamaged() {
    return new WarcOptions(Mode.DROPMALFORMED, maxRecordBytes);
  }

  boolean isLenient() {
    return mode != Mode.FAILFAST;
  }

  /** Whether damaged records are left out. */
  public boolean dropsDamaged() {
    return mode == Mode.DROPMALFORMED;
  }
}

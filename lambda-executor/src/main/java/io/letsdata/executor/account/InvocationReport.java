// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.options.Evolving;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resources that an invocation used, by Lambda's own log: the {@code REPORT} line at the end of
 * a log tail (AWS Lambda Developer Guide, "Viewing logs for Lambda functions"). Immutable.
 *
 * @param billed billed duration
 * @param init duration of the environment's start when this invocation caused one: a cold start
 * @param memoryMb configured memory
 * @param maxMemoryMb peak of the environment
 */
@Evolving
public record InvocationReport(
    Duration billed, Optional<Duration> init, long memoryMb, long maxMemoryMb) {
  private static final Pattern BILLED = Pattern.compile("Billed Duration: ([0-9.]+) ms");
  private static final Pattern INIT = Pattern.compile("Init Duration: ([0-9.]+) ms");
  private static final Pattern MEMORY = Pattern.compile("Memory Size: ([0-9]+) MB");
  private static final Pattern MAX_MEMORY = Pattern.compile("Max Memory Used: ([0-9]+) MB");

  /** Billed duration times configured memory. */
  public double gigabyteSeconds() {
    return billed.toNanos() / 1e9 * memoryMb / 1024.0;
  }

  /** Reads the last {@code REPORT} line; empty when the tail has none. */
  public static Optional<InvocationReport> parse(String logTail) {
    int at = logTail.lastIndexOf("REPORT RequestId:");
    if (at < 0) {
      return Optional.empty();
    }
    String line = logTail.substring(at);
    OptionalDouble billed = number(BILLED, line);
    if (billed.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble init = number(INIT, line);
    return Optional.of(
        new InvocationReport(
            millis(billed.getAsDouble()),
            init.isPresent() ? Optional.of(millis(init.getAsDouble())) : Optional.empty(),
            (long) number(MEMORY, line).orElse(0),
            (long) number(MAX_MEMORY, line).orElse(0)));
  }

  private static Duration millis(double value) {
    return Duration.ofNanos(Math.round(value * 1e6));
  }

  private static OptionalDouble number(Pattern pattern, String line) {
    Matcher m = pattern.matcher(line);
    return m.find() ? OptionalDouble.of(Double.parseDouble(m.group(1))) : OptionalDouble.empty();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time, user and system, of this process and those it started, by what they are; from {@code
 * /proc}. The time of a process that has ended is lost, so take samples while all of them run.
 */
final class CpuSeconds {
  /** Linux counts in hundredths of a second (USER_HZ), whatever the kernel's own tick. */
  private static final double TICKS_A_SECOND = 100;

  enum Part {
    DRIVER,
    WORKERS,
    S3_SERVER,
    LAMBDA_SERVICE,
    OTHER
  }

  private final Map<Long, Double> byPid = new HashMap<>();
  private final Map<Long, Part> parts = new HashMap<>();

  private CpuSeconds() {}

  /** The time of all of them until now. */
  static CpuSeconds sample() throws IOException {
    CpuSeconds sample = new CpuSeconds();
    try (Stream<ProcessHandle> all =
        Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().descendants())) {
      for (ProcessHandle process : all.toList()) {
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        try {
          String stat = Files.readString(proc.resolve("stat"));
          String command = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
          sample.byPid.put(process.pid(), seconds(stat));
          sample.parts.put(process.pid(), part(process, command));
        } catch (java.nio.file.NoSuchFileException ended) {
          // Between the listing and here.
        }
      }
    }
    return sample;
  }

  /** Seconds since {@code before}, by part. */
  Map<Part, Double> since(CpuSeconds before) {
    Map<Part, Double> seconds = new EnumMap<>(Part.class);
    byPid.forEach(
        (pid, total) ->
            seconds.merge(
                parts.getOrDefault(pid, Part.OTHER),
                total - before.byPid.getOrDefault(pid, 0.0),
                Double::sum));
    return seconds;
  }

  /** The time of all workers until the sample. */
  double workers() {
    return since(new CpuSeconds()).getOrDefault(Part.WORKERS, 0.0);
  }

  private static double seconds(String stat) {
    // The command's name, in parentheses, may hold blanks.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_A_SECOND;
  }

  private static Part part(ProcessHandle process, String command) {
    if (process.pid() == ProcessHandle.current().pid()) {
      return Part.DRIVER;
    }
    if (command.contains("CoarseGrainedExecutorBackend") || command.contains("AWSLambda")) {
      return Part.WORKERS;
    }
    if (command.contains("LocalCloudMain")) {
      return Part.LAMBDA_SERVICE;
    }
    return command.contains("s3proxy") ? Part.S3_SERVER : Part.OTHER;
  }
}

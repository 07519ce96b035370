// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.local.process.ChildProcess;
import io.letsdata.local.process.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Peaks of the resources that an environment uses, by samples: shorter peaks are missed.
 * Thread-safe.
 */
final class ResourceUsage {
  private static final Duration BETWEEN_LISTINGS = Duration.ofMillis(40);

  private final AtomicLong residentBytes = new AtomicLong();
  private final AtomicLong threads = new AtomicLong();
  private final AtomicLong descriptors = new AtomicLong();

  private final AtomicLong descriptorsSeenNanos = new AtomicLong();

  /**
   * Takes a sample of a running process.
   *
   * @return its resident set, in bytes; 0 when that is unknown
   */
  long sample(ChildProcess process) {
    Optional<ProcessStatus> status = process.status();
    status.ifPresent(
        now -> {
          raise(residentBytes, now.residentBytes());
          raise(threads, now.threads());
        });
    sampleDescriptors(process);
    return status.map(ProcessStatus::residentBytes).orElse(0L);
  }

  /** Takes the peaks that the kernel kept, when a process ends its invocation. */
  void finish(ChildProcess process) {
    process
        .status()
        .ifPresent(
            now -> {
              raise(residentBytes, Math.max(now.peakResidentBytes(), now.residentBytes()));
              raise(threads, now.threads());
            });
    sampleDescriptors(process);
  }

  /** Listing them takes as long as a short invocation: not after each of those. */
  private void sampleDescriptors(ChildProcess process) {
    long now = System.nanoTime();
    if (descriptors.get() == 0 || now - descriptorsSeenNanos.get() > BETWEEN_LISTINGS.toNanos()) {
      descriptorsSeenNanos.set(now);
      process.descriptors().ifPresent(count -> raise(descriptors, count));
    }
  }

  long peakBytes() {
    return residentBytes.get();
  }

  long peakThreads() {
    return threads.get();
  }

  long peakDescriptors() {
    return descriptors.get();
  }

  /** Size of the files below {@code folder} now, in bytes. */
  static long bytesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // no folder yet, or a file was deleted meanwhile
    }
  }

  private static void raise(AtomicLong peak, long value) {
    var unused = peak.accumulateAndGet(value, Math::max);
  }
}

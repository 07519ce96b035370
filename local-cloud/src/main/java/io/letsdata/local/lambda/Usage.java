// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.process.Child;
import io.letsdata.local.process.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The most that an environment was seen to use, by looking now and then: shorter peaks are missed.
 * Thread-safe.
 */
final class Usage {
  private static final Duration BETWEEN_LISTINGS = Duration.ofMillis(40);

  private final AtomicLong residentBytes = new AtomicLong();
  private final AtomicLong threads = new AtomicLong();
  private final AtomicLong descriptors = new AtomicLong();

  private final AtomicLong descriptorsSeenNanos = new AtomicLong();

  /**
   * Looks at a running process.
   *
   * @return its resident set, in bytes; 0 when that is unknown
   */
  long look(Child process) {
    Optional<ProcessStatus> status = process.status();
    status.ifPresent(
        now -> {
          raise(residentBytes, now.residentBytes());
          raise(threads, now.threads());
        });
    lookAtDescriptors(process);
    return status.map(ProcessStatus::residentBytes).orElse(0L);
  }

  /** Takes the kernel's own account of a process that ends its invocation. */
  void finish(Child process) {
    process
        .status()
        .ifPresent(
            now -> {
              raise(residentBytes, Math.max(now.peakResidentBytes(), now.residentBytes()));
              raise(threads, now.threads());
            });
    lookAtDescriptors(process);
  }

  /** Listing them takes as long as a short invocation: not after each of those. */
  private void lookAtDescriptors(Child process) {
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

  /** What the files below {@code folder} hold now, in bytes. */
  static long bytesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // not there yet, or a file went while we looked
    }
  }

  private static void raise(AtomicLong peak, long value) {
    var unused = peak.accumulateAndGet(value, Math::max);
  }
}

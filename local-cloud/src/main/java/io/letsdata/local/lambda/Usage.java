package io.letsdata.local.lambda;

import io.letsdata.local.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The most that an environment was seen to use, by looking now and then: shorter peaks are missed.
 * Thread-safe.
 */
final class Usage {
  private final AtomicLong residentBytes = new AtomicLong();
  private final AtomicLong threads = new AtomicLong();
  private final AtomicLong descriptors = new AtomicLong();

  /** Looks at a running process. */
  void look(Child process) {
    process.residentBytes().ifPresent(bytes -> raise(residentBytes, bytes));
    process.threads().ifPresent(count -> raise(threads, count));
    process.descriptors().ifPresent(count -> raise(descriptors, count));
  }

  /** Takes the kernel's own account of a process that ends its invocation. */
  void finish(Child process) {
    process.peakResidentBytes().ifPresent(bytes -> raise(residentBytes, bytes));
    look(process);
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

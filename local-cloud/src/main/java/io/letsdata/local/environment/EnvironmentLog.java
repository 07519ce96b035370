// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One environment's log file. The function's process appends to it itself, so that nothing is lost
 * when it is killed; the platform's lines go between (developer guide, "Working with Lambda
 * function logs"). Thread-safe; the environment closes it.
 */
final class EnvironmentLog implements AutoCloseable {

  private static final int TAIL_BYTES = 4096;

  private final Path file;

  // Guarded by this. Open for the environment's life: opening costs more than a line.
  private @Nullable FileChannel out;
  private @Nullable FileChannel in;
  private boolean closed;

  EnvironmentLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Where the file ends now. */
  synchronized long position() {
    try {
      return out == null ? (Files.exists(file) ? Files.size(file) : 0) : out.size();
    } catch (IOException e) {
      return 0;
    }
  }

  void start(String requestId) {
    append("START RequestId: %s Version: $LATEST\n".formatted(requestId));
  }

  void initReport(double millis, String status) {
    append(
        String.format(
            Locale.ROOT,
            "INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: %s\n",
            millis,
            status));
  }

  void note(String line) {
    append(line + "\n");
  }

  /** END and REPORT. */
  void end(String requestId, int memorySizeMb, InvocationTiming timing, int memoryUsedMb) {
    StringBuilder text = new StringBuilder();
    text.append("END RequestId: ")
        .append(requestId)
        .append("\nREPORT RequestId: ")
        .append(requestId);
    text.append(
        String.format(
            Locale.ROOT,
            "\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
            timing.durationMillis(),
            timing.billedMillis(),
            memorySizeMb,
            memoryUsedMb));
    if (timing.coldStart()) {
      text.append(String.format(Locale.ROOT, "\tInit Duration: %.2f ms", timing.initMillis()));
    }
    append(text.append("\n").toString());
  }

  /** The last 4 KB since {@code position}. */
  synchronized byte[] tailSince(long position) {
    try {
      FileChannel source = in;
      if (source == null) {
        source = FileChannel.open(file, StandardOpenOption.READ);
        in = source;
      }
      long end = source.size();
      long from = Math.max(position, end - TAIL_BYTES);
      ByteBuffer tail = ByteBuffer.allocate((int) Math.max(0, end - from));
      while (tail.hasRemaining() && source.read(tail, from + tail.position()) >= 0) {
        // until it is full
      }
      return Arrays.copyOf(tail.array(), tail.position());
    } catch (IOException e) {
      return new byte[0];
    } finally {
      closeIfEnded();
    }
  }

  private synchronized void append(String text) {
    try {
      FileChannel target = out;
      if (target == null) {
        target =
            FileChannel.open(
                file,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        out = target;
      }
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
    } catch (IOException e) {
      // A log that cannot be written must not fail an invocation. While the stand-in closes, the
      // folder does not exist any more.
    } finally {
      closeIfEnded();
    }
  }

  /** Later lines, of an invocation that has not ended yet, are still written. */
  @Override
  public synchronized void close() {
    closed = true;
    closeIfEnded();
  }

  private synchronized void closeIfEnded() {
    if (closed) {
      closeQuietly(out);
      closeQuietly(in);
      out = null;
      in = null;
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing was buffered.
    }
  }
}

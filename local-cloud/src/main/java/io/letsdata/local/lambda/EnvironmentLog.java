package io.letsdata.local.lambda;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * One environment's log file. The function's process appends to it itself, so that nothing is lost
 * when it is killed; the platform's lines go between (developer guide, "Working with Lambda
 * function logs"). Used by one thread at a time.
 */
final class EnvironmentLog {

  private static final int TAIL_BYTES = 4096;

  private final Path file;

  EnvironmentLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Where the file ends now. */
  long position() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
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
  void end(String requestId, int memorySizeMb, Outcome outcome) {
    StringBuilder text = new StringBuilder();
    text.append("END RequestId: ")
        .append(requestId)
        .append("\nREPORT RequestId: ")
        .append(requestId);
    text.append(
        String.format(
            Locale.ROOT,
            "\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
            outcome.durationMillis(),
            outcome.billedMillis(),
            memorySizeMb,
            outcome.memoryUsedMb()));
    if (outcome.coldStart()) {
      text.append(String.format(Locale.ROOT, "\tInit Duration: %.2f ms", outcome.initMillis()));
    }
    append(text.append("\n").toString());
  }

  /** The last 4 KB since {@code position}. */
  byte[] tailSince(long position) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(position, in.length() - TAIL_BYTES);
      byte[] tail = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(tail);
      return tail;
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private void append(String text) {
    try {
      Files.write(
          file,
          text.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // A log that cannot be written must not fail an invocation; the folder is gone when we are
      // closing.
    }
  }
}

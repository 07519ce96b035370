package io.letsdata.cli;

/** A failure whose message says all a user needs; shown as one line, exit code 1. */
final class CliException extends RuntimeException {
  CliException(String message) {
    super(message);
  }

  CliException(String message, Throwable cause) {
    super(message, cause);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/**
 * A mistake that the user can correct: a setting, an option, an argument, a use of the API that is
 * not supported. The message is one line that names the problem, the reason with its values, and
 * the remedy; it holds no secret, and {@link Printable} shows its control characters.
 *
 * <p>This is the one base type of all such errors in this project. A retry cannot succeed. Failures
 * of the network and of the store are {@link java.io.IOException}s, errors in this project's own
 * code are {@link IllegalStateException}s.
 *
 * <p>It is an {@link IllegalArgumentException} because Spark and its users treat that as a wrong
 * argument.
 */
@Public
public class UserErrorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: problem, reason with values, remedy
   */
  public UserErrorException(String message) {
    super(Printable.text(message));
  }

  /**
   * @param message one line: problem, reason with values, remedy
   * @param cause the exception that showed the mistake
   */
  public UserErrorException(String message, Throwable cause) {
    super(Printable.text(message), cause);
  }
}

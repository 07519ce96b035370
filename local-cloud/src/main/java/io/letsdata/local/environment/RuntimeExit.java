// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

/** The function's process ended before it was ready. */
final class RuntimeExit extends Exception {

  private final transient FunctionResponse response;

  RuntimeExit(String status, FunctionResponse response) {
    super("Runtime exited with error: " + status);
    this.response = response;
  }

  /** The response that its invoker gets. */
  FunctionResponse response() {
    return response;
  }
}

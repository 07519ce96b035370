// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

/**
 * Who holds a fenced right: one run of one dispatch. A dispatch can have several, since a request
 * that was answered by an error may have run all the same.
 *
 * @param dispatch the driver's id of the dispatch
 * @param invocation the worker's nonce of the run
 * @param request Lambda's id of the run; all that is known of one that crashed
 */
public record Holder(String dispatch, String invocation, String request) {

  /** What a worker writes into the right it takes: the three with slashes between. */
  public String text() {
    return dispatch + "/" + invocation + "/" + request;
  }

  /** Reads {@link #text}; parts that are missing are empty, and match nothing. */
  public static Holder parse(String text) {
    String[] parts = text.split("/", 3);
    return new Holder(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }
}

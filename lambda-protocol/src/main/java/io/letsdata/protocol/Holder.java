// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/**
 * The holder of a fenced right: one invocation of one dispatch. A dispatch can have several, since
 * an invocation may run although its request got an error.
 *
 * @param dispatch the driver's id of the dispatch
 * @param invocation the worker's nonce of the invocation
 * @param request Lambda's request id of the invocation; all that is known of one that crashed
 */
@Internal
public record Holder(String dispatch, String invocation, String request) {

  /** The content of the object by which a worker takes a right: the three, joined by slashes. */
  public String text() {
    return dispatch + "/" + invocation + "/" + request;
  }

  /** Reads {@link #text}; parts that are missing are empty, which no holder has. */
  public static Holder parse(String text) {
    String[] parts = text.split("/", 3);
    return new Holder(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }
}

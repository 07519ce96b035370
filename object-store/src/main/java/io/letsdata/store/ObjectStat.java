// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;

/**
 * Length and etag of a stored object.
 *
 * @param lengthBytes at least 0
 * @param etag without quotes; changes whenever the object is replaced by other bytes
 */
@Evolving
public record ObjectStat(long lengthBytes, String etag) {

  public ObjectStat {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("lengthBytes must not be negative: " + lengthBytes);
    }
  }
}

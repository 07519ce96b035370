// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;

/**
 * One epoch of a streaming query. Epochs of a query are committed in rising order.
 *
 * @param query Spark's query id, which a restart from the checkpoint keeps
 * @param epoch from 0
 */
@Internal
public record StreamEpoch(String query, long epoch) {
  public StreamEpoch {
    if (query.isBlank() || query.length() > Replays.MAX_ID_CHARS || epoch < 0) {
      throw new IllegalArgumentException("stream '" + query + "', epoch " + epoch);
    }
  }

  @Override
  public String toString() {
    return "epoch " + epoch + " of query " + query;
  }
}

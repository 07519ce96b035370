// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import java.util.Map;

/**
 * A merge of shuffle outputs, as the driver sends it to a worker. Its first field distinguishes it
 * from a {@link TaskPayload}.
 *
 * @param mergeJob an encoded {@code MergeJob} of {@code lambda-shuffle}
 * @param offsets the offsets table of its shuffle, as reduce tasks get it
 * @param giveUpAfterMillis how long the stage waits for the merge; the worker stops after it
 * @param session the application of the merge; a cold worker starts its runtime from it
 * @param dispatch UUID of this dispatch; part of the key of its kill flag
 * @param stageId the stage that waits for the merge, for logs
 * @param killWatchAfterMillis a merge that takes longer looks for its kill flag
 * @param files as in {@link TaskPayload}: a runtime that starts loads the user's jars
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
public record MergePayload(
    byte[] mergeJob,
    Blob offsets,
    long giveUpAfterMillis,
    Session session,
    String dispatch,
    int stageId,
    long killWatchAfterMillis,
    Map<String, String> files)
    implements Message {

  /** The same merge with another session. */
  public MergePayload with(Session other) {
    return new MergePayload(
        mergeJob,
        offsets,
        giveUpAfterMillis,
        other,
        dispatch,
        stageId,
        killWatchAfterMillis,
        files);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.commit;

import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.options.Internal;
import java.util.Optional;

/**
 * The author of a commit, and by what the same commit is recognized when it is made again.
 *
 * @param application that commits
 * @param commitId of the user: a commit with an id that the output has already succeeds without
 *     effect
 * @param stream query and epoch, for a stream: an epoch that is not after the last committed one of
 *     its query succeeds without effect
 */
@Internal
public record CommitOrigin(
    Application application, Optional<String> commitId, Optional<StreamEpoch> stream) {
  public CommitOrigin {
    commitId.ifPresent(Replays::requireId);
  }

  /** An application without commit-id and stream. */
  public static CommitOrigin of(String applicationId, String name) {
    return new CommitOrigin(
        new Application(applicationId, name), Optional.empty(), Optional.empty());
  }
}

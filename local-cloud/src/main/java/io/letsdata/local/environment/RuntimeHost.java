// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.local.access.LocalIdentity;
import io.letsdata.options.Internal;
import java.nio.file.Path;

/**
 * The part of an environment that is the same for every function.
 *
 * @param jars folder of AWS's Java runtime client
 * @param identity credentials of the function's role
 * @param limitsTmp whether an environment's /tmp is no larger than its EphemeralStorage
 * @param ownsDisk whether an environment can write nowhere but to its own /tmp
 */
@Internal
public record RuntimeHost(Path jars, LocalIdentity identity, boolean limitsTmp, boolean ownsDisk) {

  /** Whether an environment has mounts of its own. */
  boolean mounts() {
    return limitsTmp || ownsDisk;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.options.Internal;
import java.time.Duration;

/**
 * The limits of the service.
 *
 * @param init time limit of the init phase; AWS: 10 s
 * @param idle time after which a frozen environment ends
 * @param requestsPerConcurrency request rate limit a second, per unit of a function's reserved
 *     concurrency, or of the account's 1,000; AWS: 10; 0: no limit
 * @param newEnvironments environments that a function may start at once, and then in each 10 s;
 *     AWS: 1,000; 0: no limit
 * @param limitsTmp whether EphemeralStorage limits an environment's /tmp; needs the right to mount
 * @param ownsDisk whether an environment can write nowhere but to its own /tmp; needs the same
 *     right
 */
@Internal
public record LambdaLimits(
    Duration init,
    Duration idle,
    double requestsPerConcurrency,
    int newEnvironments,
    boolean limitsTmp,
    boolean ownsDisk) {}

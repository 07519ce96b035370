// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import io.letsdata.options.Evolving;
import org.jspecify.annotations.Nullable;

/**
 * One invocation that has ended. Duplicates have a record each; throttled invocations have none.
 *
 * @param environment id of the environment
 * @param pid id of the process at its end
 * @param startedEpochMillis time at which Lambda took the request, before a cold start
 * @param durationMillis duration of the invoke phase
 * @param initMillis duration of the init phase; 0 when the environment was warm
 * @param billedMillis init and invoke, rounded up
 * @param memoryUsedMb the process's largest resident set
 * @param error the error type, null for success
 * @param fault the planned fault that hit it, null for none
 */
@Evolving
public record InvocationRecord(
    String requestId,
    String function,
    String environment,
    long pid,
    boolean coldStart,
    long startedEpochMillis,
    long endedEpochMillis,
    double durationMillis,
    double initMillis,
    long billedMillis,
    int memorySizeMb,
    int memoryUsedMb,
    int payloadBytes,
    int responseBytes,
    @Nullable String error,
    @Nullable String fault) {}

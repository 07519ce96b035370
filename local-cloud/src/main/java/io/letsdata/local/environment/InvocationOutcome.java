// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;

/**
 * The end of one invocation.
 *
 * @param requestId id of the invocation that responded; a fault may have added another one
 * @param response response of the function, or of Lambda when the function gave none
 * @param logTail the last 4 KB of the environment's log for it, with START, END and REPORT
 * @param timing durations of its phases
 * @param memoryUsedMb largest resident set of the process so far
 * @param retired whether the environment must not be used again
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
@Internal
public record InvocationOutcome(
    String requestId,
    FunctionResponse response,
    byte[] logTail,
    InvocationTiming timing,
    int memoryUsedMb,
    boolean retired) {}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

/**
 * How one run ended.
 *
 * @param requestId of the run that answered; beside it another may have been asked for
 * @param logTail the last 4 KB of what the environment logged for it, with START, END and REPORT
 * @param retired the environment must not be used again
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
record Outcome(
    String requestId,
    Answer answer,
    byte[] logTail,
    double durationMillis,
    double initMillis,
    boolean coldStart,
    int memoryUsedMb,
    boolean retired) {

  long billedMillis() {
    return (long) Math.ceil(durationMillis + initMillis);
  }
}

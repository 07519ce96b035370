// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

/**
 * One execution environment.
 *
 * @param id names its log: {@code <home>/logs/<function>/<id>.log}
 * @param pid of the function's process; 0 before it started
 * @param state {@code STARTING}, {@code BUSY}, {@code IDLE} (frozen) or {@code DEAD}
 * @param invocations begun so far
 * @param peakThreads the most seen, by looking every 50 ms while it runs
 * @param peakDescriptors the same of open descriptors
 * @param temporaryBytes what its /tmp holds now
 */
public record EnvironmentInfo(
    String id,
    String function,
    long pid,
    String state,
    long invocations,
    long peakThreads,
    long peakDescriptors,
    long temporaryBytes) {}

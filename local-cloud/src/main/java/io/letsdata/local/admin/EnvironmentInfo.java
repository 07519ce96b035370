// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import io.letsdata.options.Evolving;

/**
 * One execution environment.
 *
 * @param id its id, which names its log: {@code <home>/logs/<function>/<id>.log}
 * @param pid id of the function's process; 0 before it started
 * @param state {@code STARTING}, {@code BUSY}, {@code IDLE} (frozen) or {@code DEAD}
 * @param invocations invocations begun so far
 * @param peakThreads largest number of threads in samples of 50 ms while it runs
 * @param peakDescriptors the same for open descriptors
 * @param temporaryBytes size of the files in its /tmp now
 */
@Evolving
public record EnvironmentInfo(
    String id,
    String function,
    long pid,
    String state,
    long invocations,
    long peakThreads,
    long peakDescriptors,
    long temporaryBytes) {}

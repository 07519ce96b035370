// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import java.time.Duration;

/**
 * What the Lambda API says of the worker function.
 *
 * @param timeout its time limit
 * @param memoryMb its memory; 0 when that is not known
 * @param architecture decides the price
 * @param logGroup of CloudWatch, where its log is
 */
public record FunctionInfo(
    Duration timeout, long memoryMb, Architecture architecture, String logGroup) {}

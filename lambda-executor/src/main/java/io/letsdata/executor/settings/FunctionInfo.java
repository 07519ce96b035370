// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;
import java.util.Optional;

/**
 * The configuration of the worker function, as it was when the application started; only its time
 * limit follows the function. Thread-safe.
 *
 * @param limit its time limit
 * @param memoryMb its memory; 0 when that is not known
 * @param architecture its processor; decides the price
 * @param logGroup CloudWatch log group of its log
 * @param jvm charset, locale and time zone of its JVM; empty when that is not known
 */
@Internal
public record FunctionInfo(
    TimeLimit limit,
    long memoryMb,
    Architecture architecture,
    String logGroup,
    Optional<JvmDefaults> jvm) {}

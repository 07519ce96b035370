// SPDX-License-Identifier: Apache-2.0
/**
 * Execution environments: the processes that run a function, frozen between invocations. It knows
 * nothing of the Invoke API above it.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>the function: {@link FunctionDefinition}, {@link FunctionPackages}, {@link FunctionCode}
 *   <li>an invocation: {@link FunctionInvocation}, {@link FunctionResponse}, {@link
 *       InvocationTiming}, {@link InvocationOutcome}
 *   <li>environments: {@link EnvironmentPool}, {@link RateLimit}, {@link ExecutionEnvironment},
 *       {@link EnvironmentLog}, {@link ResourceUsage}
 *   <li>their processes: {@link RuntimeHost}, {@link FunctionProcess}, {@link RuntimeLibrary},
 *       {@link EnvironmentDisk}
 *   <li>the Runtime API between them: {@link RuntimeSession}, {@link RuntimeApi}, {@link
 *       RuntimeExit}, {@link Json}
 * </ol>
 */
@NullMarked
package io.letsdata.local.environment;

import org.jspecify.annotations.NullMarked;

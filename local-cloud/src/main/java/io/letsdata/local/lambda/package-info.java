// SPDX-License-Identifier: Apache-2.0
/**
 * The Lambda service: the Invoke API and the test controls, over the execution environments of
 * {@link io.letsdata.local.environment}.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>the service: {@link LambdaService}, {@link LambdaLimits}, {@link DeployedFunction}
 *   <li>the Invoke API: {@link SignatureCheck}, {@link FunctionPath}, {@link InvokeApi}, {@link
 *       ApiResponses}, {@link FunctionDescriptions}, {@link AsyncInvocations}, {@link PayloadDump}
 *   <li>the test controls: {@link AdminApi}, {@link FaultPlan}, {@link FaultInjector}
 * </ol>
 */
@NullMarked
package io.letsdata.local.lambda;

import org.jspecify.annotations.NullMarked;

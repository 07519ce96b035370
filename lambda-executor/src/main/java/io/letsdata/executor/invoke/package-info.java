// SPDX-License-Identifier: Apache-2.0
/**
 * Invokes the function at the pace that Lambda allows.
 *
 * <p>In reading order: {@code LambdaConnection} is what a session holds. {@code LambdaClients}
 * builds its client, a {@code DirectLambdaClient} with {@code PayloadPublisher}, {@code
 * InvokeResponseHandler} and {@code ClockSkew}. {@code FunctionLookup} reads the function's limits
 * at the start. {@code LambdaInvoker} invokes, with {@code InvokeQueue} and {@code InvokePacer},
 * and gives an {@code InvocationOutcome}; {@code InvokeErrors} and {@code FunctionErrors} decide
 * what an error means, {@code InvokeMessages} has the texts.
 */
@NullMarked
package io.letsdata.executor.invoke;

import org.jspecify.annotations.NullMarked;

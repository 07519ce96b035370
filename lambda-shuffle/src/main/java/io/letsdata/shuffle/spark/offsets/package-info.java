// SPDX-License-Identifier: Apache-2.0
/**
 * Offsets on their way from the driver to readers.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code ReaderOffsets}: the best index for a reader
 *   <li>{@code ShippedOffsets}: offsets from a table of the driver
 *   <li>{@code OffsetsClient}: an executor's requests to the driver
 *   <li>{@code RpcChannel}: the messages to the driver, through Spark's RPC
 *   <li>{@code OffsetsEndpoint}: the driver's answers
 *   <li>{@code OffsetsAnswers}: recent answers of the driver
 *   <li>{@code TrackedOutputs}: the map outputs that Spark accepted
 *   <li>{@code PlanLog}: logs the plan of a shuffle
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.spark.offsets;

import org.jspecify.annotations.NullMarked;

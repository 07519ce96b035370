// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

/**
 * What a reduce task needs to find the outputs of one parent shuffle.
 *
 * @param statuses Spark's own serialized map statuses, as the driver's tracker would answer
 * @param offsets the reduce-major offsets table of {@code lambda-shuffle}
 * @param version changes whenever the statuses do, so that a warm worker drops its cached copy
 */
public record ShuffleInput(Blob statuses, Blob offsets, String version) {}

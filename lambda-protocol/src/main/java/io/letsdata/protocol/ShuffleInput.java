// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/**
 * The places of the outputs of one parent shuffle, for a reduce task.
 *
 * @param statuses Spark's own serialized map statuses, as the driver's tracker would send them
 * @param offsets the reduce-major offsets table of {@code lambda-shuffle}
 * @param version changes whenever the statuses do, so that a warm worker drops its cached copy
 */
@Internal
public record ShuffleInput(Blob statuses, Blob offsets, String version) {}

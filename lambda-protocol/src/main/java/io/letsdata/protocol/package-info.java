// SPDX-License-Identifier: Apache-2.0
/**
 * What travels between the driver and a worker: the payload, the response and the keys of a run.
 */
@NullMarked
package io.letsdata.protocol;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The test controls of the stand-in, which AWS does not have: the environments and invocations so
 * far ({@link EnvironmentInfo}, {@link InvocationRecord}), and faults to come ({@link Fault},
 * {@link Chaos}). {@link LocalAdmin} is their client.
 */
@NullMarked
package io.letsdata.local.admin;

import org.jspecify.annotations.NullMarked;

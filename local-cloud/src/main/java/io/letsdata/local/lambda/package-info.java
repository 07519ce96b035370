// SPDX-License-Identifier: Apache-2.0
/**
 * The Lambda service: Invoke API, Runtime API, execution environments and the test controls over
 * them.
 */
@NullMarked
package io.letsdata.local.lambda;

import org.jspecify.annotations.NullMarked;

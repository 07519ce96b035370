// SPDX-License-Identifier: Apache-2.0
/**
 * Requests of the shuffle: hedged requests, repeated bodies, and the account of requests and bytes.
 */
@NullMarked
package io.letsdata.shuffle.request;

import org.jspecify.annotations.NullMarked;

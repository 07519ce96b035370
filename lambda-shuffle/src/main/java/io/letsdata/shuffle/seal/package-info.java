// SPDX-License-Identifier: Apache-2.0
/**
 * Authentication codes inside segments: SPEC.md section 8. No request.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code SegmentSeal}: the key of one shuffle's segments; lengths with and without codes
 *   <li>{@code BlockCodes}: the codes of one segment's blocks
 *   <li>{@code SealingStream}: writes content with its codes
 *   <li>{@code OpeningStream}: reads content and verifies it
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.seal;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes and records of shuffle objects: map outputs, segments, footers, merged objects and their
 * keys.
 */
@NullMarked
package io.letsdata.shuffle.format;

import org.jspecify.annotations.NullMarked;

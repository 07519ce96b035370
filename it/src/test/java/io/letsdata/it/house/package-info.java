// SPDX-License-Identifier: Apache-2.0
/** The rules of the project's pages and comments. {@link HouseRules} reads, the test asserts. */
@NullMarked
package io.letsdata.it.house;

import org.jspecify.annotations.NullMarked;

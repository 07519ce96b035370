// SPDX-License-Identifier: Apache-2.0
/** The driver's record of map outputs and merged objects, and the plan of an exchange. */
@NullMarked
package io.letsdata.shuffle.driver;

import org.jspecify.annotations.NullMarked;

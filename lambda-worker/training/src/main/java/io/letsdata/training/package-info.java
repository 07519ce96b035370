// SPDX-License-Identifier: Apache-2.0
/** Makes the worker's class archive at build time. */
@NullMarked
package io.letsdata.training;

import org.jspecify.annotations.NullMarked;

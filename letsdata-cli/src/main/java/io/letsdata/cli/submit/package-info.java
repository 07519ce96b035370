// SPDX-License-Identifier: Apache-2.0
/** {@code letsdata submit}: a user's jar as a driver. */
@NullMarked
package io.letsdata.cli.submit;

import org.jspecify.annotations.NullMarked;

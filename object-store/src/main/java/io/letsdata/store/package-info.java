// SPDX-License-Identifier: Apache-2.0
/** The one door to S3. */
@NullMarked
package io.letsdata.store;

import org.jspecify.annotations.NullMarked;

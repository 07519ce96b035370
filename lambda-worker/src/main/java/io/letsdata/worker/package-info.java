// SPDX-License-Identifier: Apache-2.0
/** What runs inside the Lambda function. */
@NullMarked
package io.letsdata.worker;

import org.jspecify.annotations.NullMarked;

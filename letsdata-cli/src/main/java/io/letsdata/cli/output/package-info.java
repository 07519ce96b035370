// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata output}: the versions of an output of the write connector.
 *
 * <p>Classes in reading order: {@link OutputCommand}, {@link OutputFlags}, {@link HistoryCommand},
 * {@link FilesCommand}, {@link VerifyCommand}, {@link RollbackCommand}, {@link ExpireCommand}.
 */
@NullMarked
package io.letsdata.cli.output;

import org.jspecify.annotations.NullMarked;

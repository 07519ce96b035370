// SPDX-License-Identifier: Apache-2.0
/**
 * Who may use a stand-in: the user who started it, and no web page.
 *
 * <p>Classes in reading order: {@link LocalIdentity}, {@link AccessToken}, {@link
 * LocalClientsOnly}, {@link OwnerOnlyFile}.
 */
@NullMarked
package io.letsdata.local.access;

import org.jspecify.annotations.NullMarked;

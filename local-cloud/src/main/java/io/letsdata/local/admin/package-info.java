// SPDX-License-Identifier: Apache-2.0
/**
 * What tests ask of the stand-in beside AWS's own interfaces: what ran where, and what shall go
 * wrong.
 */
@NullMarked
package io.letsdata.local.admin;

import org.jspecify.annotations.NullMarked;

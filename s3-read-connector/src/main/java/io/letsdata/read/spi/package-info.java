// SPDX-License-Identifier: Apache-2.0
/** The door for the write connector: its interface, its request and the log of manifests. */
@NullMarked
package io.letsdata.read.spi;

import org.jspecify.annotations.NullMarked;

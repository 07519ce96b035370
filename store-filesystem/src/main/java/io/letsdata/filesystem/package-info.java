// SPDX-License-Identifier: Apache-2.0
/** A Hadoop file system over the object store. */
@NullMarked
package io.letsdata.filesystem;

import org.jspecify.annotations.NullMarked;

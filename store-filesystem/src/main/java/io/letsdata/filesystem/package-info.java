// SPDX-License-Identifier: Apache-2.0
/**
 * A Hadoop file system over the object store.
 *
 * <p>Classes in reading order: {@link StoreFileSystem}, {@link StoreInputStream}, {@link
 * PinnedObject}, {@link Block}, {@link StorePath}, {@link VectoredReads}, {@link TailCache}, {@link
 * ReadWindow}, {@link PrefixListing}, {@link StoreFileStatus}, {@link StoreContext}, {@link
 * StoreOutputStream}.
 */
@NullMarked
package io.letsdata.filesystem;

import org.jspecify.annotations.NullMarked;

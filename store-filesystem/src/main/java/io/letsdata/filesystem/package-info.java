// SPDX-License-Identifier: Apache-2.0
/**
 * A Hadoop file system over the object store, for reading.
 *
 * <p>Reading order: {@link io.letsdata.filesystem.StorePath} (a path has the length and etag of its
 * object); {@link io.letsdata.filesystem.ReadWindow} (how many bytes a GET requests); {@link
 * io.letsdata.filesystem.StoreInputStream}, which uses it, with {@link
 * io.letsdata.filesystem.PinnedObject}, {@link io.letsdata.filesystem.CachedBlock}, {@link
 * io.letsdata.filesystem.TailCache} and {@link io.letsdata.filesystem.VectoredReads}; {@link
 * io.letsdata.filesystem.StoreFileSystem} with {@link io.letsdata.filesystem.StoreContext}, {@link
 * io.letsdata.filesystem.StoreFileStatus} and {@link io.letsdata.filesystem.PrefixListing}. {@link
 * io.letsdata.filesystem.TaskSettings} carries the driver's Hadoop settings to tasks.
 */
@NullMarked
package io.letsdata.filesystem;

import org.jspecify.annotations.NullMarked;

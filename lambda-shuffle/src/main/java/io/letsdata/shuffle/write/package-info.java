// SPDX-License-Identifier: Apache-2.0
/**
 * Writes one map output as one object, part by part, in bounded memory.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code MapOutputUpload}: writes the object of one map output
 *   <li>{@code PartSender}: sends parts and objects to the store
 *   <li>{@code PartUploads}: the parts of one multipart upload
 *   <li>{@code PartBuffer}: the bytes of one part
 *   <li>{@code PartitionBuffers}: all segments of a map output in memory or in a file
 *   <li>{@code PartitionBuffer}: one segment
 *   <li>{@code BufferMemory}: the memory that may be used
 *   <li>{@code SpillFile}: the local file
 *   <li>{@code Chunk}: some consecutive bytes of a map output
 *   <li>{@code ChunkedContent}: chunks as the content of a request
 *   <li>{@code SealedFile}: a spill of Spark's with codes between its blocks
 *   <li>{@code FileContent}: a range of a file as the content of a request
 *   <li>{@code CancellableContent}: content whose request can be cancelled
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.write;

import org.jspecify.annotations.NullMarked;

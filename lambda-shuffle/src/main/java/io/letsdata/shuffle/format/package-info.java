// SPDX-License-Identifier: Apache-2.0
/**
 * The bytes and keys of the shuffle, as SPEC.md describes them. No request.
 *
 * <p>In reading order:
 *
 * <ul>
 *   <li>{@code ShuffleLayout}: the keys of all shuffle objects
 *   <li>{@code ShuffleHome}: a store with the keys in it
 *   <li>{@code Nonces}: unique parts of keys
 *   <li>{@code MapRef}: the name of one map output
 *   <li>{@code Segment}: the bytes of one reduce partition in a map output
 *   <li>{@code MapOutput}: lengths and checksums of all segments of a map output
 *   <li>{@code MapOutputCodec}: a map output as bytes
 *   <li>{@code MapReport}: the report of a map output to the driver
 *   <li>{@code MapObject}: the object of a map output: segments, index, footer
 *   <li>{@code ObjectFooter}: the last bytes of an object
 *   <li>{@code MergeJob}: an order to merge some map outputs
 *   <li>{@code MergeReport}: the result of a merge
 *   <li>{@code MergedObject}: the object of a merge
 *   <li>{@code ByteSink}: writes primitive encodings
 *   <li>{@code ByteSource}: reads primitive encodings
 *   <li>{@code ShuffleFormatException}: bytes that do not follow SPEC.md
 * </ul>
 */
@NullMarked
package io.letsdata.shuffle.format;

import org.jspecify.annotations.NullMarked;

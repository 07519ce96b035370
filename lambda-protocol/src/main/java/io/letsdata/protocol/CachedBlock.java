// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/**
 * A cached RDD block in the store.
 *
 * @param block Spark's name of the block, {@code rdd_<rdd>_<split>}
 * @param location {@code s3://bucket/key} of its serialized form
 * @param sizeBytes length of that object
 */
@Internal
public record CachedBlock(String block, String location, long sizeBytes) {}

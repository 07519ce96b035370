// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import java.util.Map;

/**
 * Stands for a payload that is larger than an invocation can carry.
 *
 * @param payloadLocation {@code s3://bucket/key} of the JSON of the {@link TaskPayload} or {@link
 *     MergePayload}
 * @param store settings of the store that has it, as in {@link Session}
 * @param key of the application; the stored payload has none
 */
@Internal
public record StoredPayload(String payloadLocation, Map<String, String> store, RunKey key)
    implements Message {}

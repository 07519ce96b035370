// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import java.util.Map;

/**
 * Stands for a payload that is larger than an invocation may carry.
 *
 * @param payloadLocation {@code s3://bucket/key} of the JSON of the {@link TaskPayload}
 * @param store settings to reach it
 */
public record StoredPayload(String payloadLocation, Map<String, String> store) {}

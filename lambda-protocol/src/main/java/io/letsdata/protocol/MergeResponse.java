// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers to a {@link MergePayload}.
 *
 * @param report an encoded {@code MergeReport}; null when it did not work out, which costs the
 *     query nothing but the merge
 * @param problem why not
 * @param requests S3 requests by kind, retries included
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MergeResponse(
    byte @Nullable [] report, @Nullable String problem, Map<String, Long> requests) {}

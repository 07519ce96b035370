// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.letsdata.options.Internal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response of a worker to a {@link MergePayload}.
 *
 * @param report an encoded {@code MergeReport}; null when the merge failed, which costs the query
 *     nothing but the merge
 * @param problem why it failed; null when it did not
 * @param requests S3 requests by kind, retries included; see {@link WorkerRequests}
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MergeResponse(
    byte @Nullable [] report, @Nullable String problem, Map<String, Long> requests)
    implements Message {}

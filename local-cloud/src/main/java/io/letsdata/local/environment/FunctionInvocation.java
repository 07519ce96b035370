// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;
import java.util.Optional;

/**
 * One call of a function.
 *
 * @param requestId AWS request id, as the function sees it
 * @param payload a JSON document
 * @param clientContext base64, as the client sent it
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
@Internal
public record FunctionInvocation(
    String requestId, byte[] payload, Optional<String> clientContext) {}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import java.util.Optional;

/**
 * One request to run a function.
 *
 * @param requestId what the function sees as its AWS request id
 * @param payload a JSON document
 * @param clientContext base64, as it came
 */
// Never compared: it only travels.
@SuppressWarnings("ArrayRecordComponent")
record Invocation(String requestId, byte[] payload, Optional<String> clientContext) {}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/** A message of the protocol; its JSON is made and read by {@link Messages}. */
@Internal
public sealed interface Message
    permits TaskPayload, MergePayload, StoredPayload, TaskResponse, MergeResponse {}

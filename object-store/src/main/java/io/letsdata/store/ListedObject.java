// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.time.Instant;

/**
 * One object of a listing. The listing says it existed then, not that it still does.
 *
 * @param modified when it was stored, by the store's clock; S3 tells whole seconds
 */
@Internal
public record ListedObject(ObjectLocation location, ObjectStat stat, Instant modified) {}

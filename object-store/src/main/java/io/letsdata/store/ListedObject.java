// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.time.Instant;

/**
 * One object of a listing. It existed at the time of the listing and may have been deleted since.
 *
 * @param modified time at which it was stored, by the store's clock; S3 rounds to seconds
 */
@Evolving
public record ListedObject(ObjectLocation location, ObjectStat stat, Instant modified) {}

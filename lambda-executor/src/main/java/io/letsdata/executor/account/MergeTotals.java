// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.options.Evolving;
import io.letsdata.store.RequestCounts;

/**
 * The resources that merges of shuffle outputs used; part of a run's other figures, too. Immutable.
 *
 * @param invocations merges that were sent and had an outcome
 * @param merged how many of these stored a merged object
 * @param gigabyteSeconds billed duration times configured memory
 * @param requests S3 requests that the workers reported
 * @param dollars all of it at list price
 */
@Evolving
public record MergeTotals(
    long invocations,
    long merged,
    double gigabyteSeconds,
    RequestCounts requests,
    double dollars) {}

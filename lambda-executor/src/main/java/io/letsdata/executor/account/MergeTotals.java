// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.account;

import io.letsdata.store.RequestCounts;

/**
 * What merging shuffle outputs took; also part of a run's other figures.
 *
 * @param invocations that were sent and had an outcome
 * @param merged of these, how many stored a merged object
 * @param gigabyteSeconds billed duration times configured memory
 * @param requests S3 requests that they reported
 * @param dollars all of it at list price
 */
public record MergeTotals(
    long invocations,
    long merged,
    double gigabyteSeconds,
    RequestCounts requests,
    double dollars) {}

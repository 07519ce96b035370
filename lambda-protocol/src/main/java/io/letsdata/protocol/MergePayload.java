// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

/**
 * A merge of shuffle outputs, as the driver sends it to a worker. Its first field tells it from a
 * {@link TaskPayload}.
 *
 * @param mergeJob an encoded {@code MergeJob} of {@code lambda-shuffle}
 * @param offsets the offsets table of its shuffle, as reduce tasks get it
 * @param giveUpAfterMillis nobody waits for it any longer
 * @param run what a task of the waiting stage would get, without a task: a cold worker starts its
 *     runtime from it
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
public record MergePayload(
    byte[] mergeJob, Blob offsets, long giveUpAfterMillis, TaskPayload run) {}

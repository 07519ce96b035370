// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import java.util.List;
import java.util.Map;

/**
 * One task, as the driver sends it to a worker. JSON, since Lambda takes nothing else.
 *
 * @param build {@link Messages#BUILD} of the driver; a worker of another build refuses the task by
 *     name
 * @param application UUID-based application id; a warm worker that meets another one starts clean
 * @param root {@code s3://bucket/prefix} under which this application's objects lie
 * @param store settings of the store, see {@code StoreSettings}; no secrets
 * @param conf location of the published Spark conf, one JSON object of strings
 * @param dispatch UUID of this dispatch; names the stored response and the kill flag
 * @param commitGeneration which commit right is valid for this partition, see {@link
 *     RunLayout#commit}
 * @param runOnce a second run of this dispatch must not start, see {@link RunLayout#claim}
 * @param storeResponseAfterMillis a task that ran longer also stores its response
 * @param killWatchAfterMillis a task that ran longer looks for its kill flag
 * @param inlineLimitBytes results up to this size ride in the response, larger ones go to the store
 * @param shuffles parent shuffles by id
 * @param broadcasts broadcast pieces that ride along, by block name; all others are objects of the
 *     run
 * @param cached blocks of the persisted RDDs this stage uses
 * @param files published copies of driver-served URLs ({@code spark://...}) by URL
 * @param task Spark's encoded {@code TaskDescription}
 */
public record TaskPayload(
    String build,
    String application,
    String root,
    Map<String, String> store,
    String conf,
    String dispatch,
    long taskId,
    int stageId,
    int partition,
    int commitGeneration,
    boolean runOnce,
    long storeResponseAfterMillis,
    long killWatchAfterMillis,
    long inlineLimitBytes,
    Map<Integer, ShuffleInput> shuffles,
    Map<String, Blob> broadcasts,
    List<CachedBlock> cached,
    Map<String, String> files,
    Blob task) {}

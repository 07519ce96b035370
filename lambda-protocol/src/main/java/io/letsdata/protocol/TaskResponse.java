// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.letsdata.options.Internal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The response of a worker to a {@link TaskPayload}; {@code kind} in JSON names its shape. */
@Internal
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TaskResponse.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = TaskResponse.LeftToOther.class, name = "leftToOther"),
  @JsonSubTypes.Type(value = TaskResponse.NotStarted.class, name = "notStarted")
})
public sealed interface TaskResponse extends Message {

  /** Id of the dispatch to which this responds. */
  String dispatch();

  /** Nonce of this invocation, part of every key that it wrote. */
  String invocation();

  /**
   * Spark's executor ran the task to its end.
   *
   * @param state how it ended
   * @param result what Spark's executor reported: a serialized task result or failure reason
   * @param commitHeld whether this invocation took the commit right of its partition
   * @param commitHolder the invocation that holds the right which this one was denied; null when
   *     none was denied
   * @param mapOutputs encoded {@code MapReport}s of the map outputs that were committed
   * @param cached blocks that were cached and stored
   * @param requests S3 requests by kind, retries included; see {@link WorkerRequests}
   * @param logStream CloudWatch stream with the log of this invocation; null outside a function
   */
  @Internal
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Ended(
      String dispatch,
      String invocation,
      TaskState state,
      Blob result,
      boolean commitHeld,
      @Nullable Holder commitHolder,
      List<byte[]> mapOutputs,
      List<CachedBlock> cached,
      Map<String, Long> requests,
      @Nullable String logStream)
      implements TaskResponse {}

  /**
   * The invocation did not run the task, because another invocation of the dispatch runs it and
   * must be the only one; see {@link RunLayout#claim}. The stored response of that one counts.
   *
   * @param holder the other invocation
   */
  @Internal
  record LeftToOther(String dispatch, String invocation, Holder holder) implements TaskResponse {}

  /**
   * The worker could not run any task: wrong build, unreadable conf, no permission. The driver
   * fails the stage.
   *
   * @param problem why, for the user
   */
  @Internal
  record NotStarted(String dispatch, String invocation, String problem) implements TaskResponse {}
}

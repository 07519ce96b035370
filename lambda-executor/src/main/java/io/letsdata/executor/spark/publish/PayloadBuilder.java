// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.settings.TimeLimit;
import io.letsdata.options.Internal;
import io.letsdata.options.SecretRule;
import io.letsdata.protocol.Blob;
import io.letsdata.protocol.MergePayload;
import io.letsdata.protocol.Message;
import io.letsdata.protocol.Messages;
import io.letsdata.protocol.RunKey;
import io.letsdata.protocol.Session;
import io.letsdata.protocol.StoredPayload;
import io.letsdata.protocol.TaskPayload;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.scheduler.TaskDescription;
import org.apache.spark.scheduler.TaskSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the bytes of an invocation. Thread-safe. */
@Internal
public final class PayloadBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(PayloadBuilder.class);
  private static final int MAX_WARNINGS = 100;

  private final Session session;
  private final LambdaSettings settings;
  private final TimeLimit limit;
  private final ObjectStore store;
  private final FilePublisher files;
  private final SecretRule secrets;

  /** Names of properties that were left out and are in the log, each once. */
  private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

  PayloadBuilder(
      Session session,
      LambdaSettings settings,
      TimeLimit limit,
      ObjectStore store,
      FilePublisher files,
      SecretRule secrets) {
    this.session = session;
    this.settings = settings;
    this.limit = limit;
    this.store = store;
    this.files = files;
    this.secrets = secrets;
  }

  /**
   * The payload of a task. No request; one PUT for each file that is not published yet, and one for
   * a payload over the limit.
   */
  public byte[] build(
      TaskDescription task,
      String dispatch,
      int commitGeneration,
      StageInputs stage,
      StageInputs.Published inputs)
      throws IOException {
    Map<String, String> published = files.publish(task.artifacts());
    Blob encoded = Blob.of(encode(task));
    return sized(
        of ->
            new TaskPayload(
                of,
                dispatch,
                task.taskId(),
                stage.stageId(),
                task.partitionId(),
                commitGeneration,
                stage.runOnce(),
                limit.current().toMillis(),
                settings.storeResponseAfter().toMillis(),
                settings.killWatchAfter().toMillis(),
                3L << 20,
                inputs.shuffles(),
                inputs.broadcasts(),
                inputs.cached(),
                published,
                encoded),
        dispatch);
  }

  /**
   * The payload of a merge. The same requests as for a task.
   *
   * @param offsets the offsets table of its shuffle
   * @param stage the stage that waits for the merge
   * @param atMost how long the stage waits
   */
  byte[] merge(MergeJob job, Blob offsets, String dispatch, TaskSet stage, Duration atMost)
      throws IOException {
    Map<String, String> published = files.publish(stage.tasks()[0].artifacts());
    return sized(
        of ->
            new MergePayload(
                job.encode(),
                offsets,
                atMost.toMillis(),
                of,
                dispatch,
                stage.stageId(),
                settings.killWatchAfter().toMillis(),
                published),
        dispatch);
  }

  /** The message, or one that names its object when it is too large; the key is in no object. */
  private byte[] sized(Function<Session, Message> message, String dispatch) throws IOException {
    byte[] json = Messages.encode(message.apply(session));
    if (json.length <= settings.payloadLimitBytes()) {
      return json;
    }
    ObjectLocation location = session.layout().payload(dispatch);
    byte[] stored = Messages.encode(message.apply(session.with(RunKey.NONE)));
    store.put(location, ObjectContent.of(stored));
    return Messages.encode(new StoredPayload(location.toString(), session.store(), session.key()));
  }

  /** Spark's own encoding of the task, without local properties that are secrets. */
  private byte[] encode(TaskDescription task) {
    Properties properties = new Properties();
    for (String name : task.properties().stringPropertyNames()) {
      String value = task.properties().getProperty(name);
      if (!secrets.isSecret(name, value)) {
        properties.setProperty(name, value);
      } else if (leftOut.size() < MAX_WARNINGS && leftOut.add(name)) {
        LOG.warn("Tasks do not see {}: by {} it may hold a secret.", name, SecretRule.PATTERN_KEY);
      }
    }
    ByteBuffer encoded =
        TaskDescription.encode(
            new TaskDescription(
                task.taskId(),
                task.attemptNumber(),
                task.executorId(),
                task.name(),
                task.index(),
                task.partitionId(),
                task.artifacts(),
                properties,
                task.cpus(),
                task.resources(),
                task.serializedTask().duplicate()));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}

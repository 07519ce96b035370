// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.options.Options;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MapReport;
import io.letsdata.shuffle.format.Nonces;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import io.letsdata.shuffle.spark.offsets.OffsetsClient;
import io.letsdata.shuffle.spark.offsets.RpcChannel;
import io.letsdata.store.AccessDenied;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.spark.SparkConf;

/**
 * The runtime on masters that are not ours: everything from the session's configuration. Immutable.
 *
 * @param root {@code <run location>/<application id>-<nonce>}
 * @param checked whether the driver has tried the store before the first task
 * @param registry of the driver, when tasks run in its process
 * @param client for executors, which ask the driver
 */
record SessionRuntime(
    ObjectStore store,
    ObjectLocation root,
    boolean checked,
    Optional<OutputRegistry> registry,
    OffsetsClient client)
    implements ShuffleRuntime {
  /**
   * Makes the driver's root its own, for this process and its executors: application ids are not
   * unique. Two standalone masters that start in one second give the same, YARN's second attempt
   * has that of the first. To be called before executors are asked for.
   */
  static void claimRoot(SparkConf conf) {
    conf.set(RunOptions.NONCE.key(), Nonces.next());
  }

  /**
   * Objects go to {@code <run location>/<application id>-<nonce>}, on the Lambda master to {@code
   * <run location>/<application id>}. Costs no request.
   *
   * @throws java.util.NoSuchElementException when the driver has not {@linkplain #claimRoot claimed
   *     a root}
   */
  static SessionRuntime from(SparkConf conf, Optional<OutputRegistry> registry, Executor executor) {
    Options options = optionsOf(conf);
    return new SessionRuntime(
        SharedStores.get(StoreSettings.from(options)),
        runLocation(options).resolve(rootName(conf)),
        options.get(ShuffleOptions.START_CHECK),
        registry,
        new OffsetsClient(new RpcChannel(conf), executor));
  }

  /** The Lambda master's ids are unique, and its driver names the root to its functions. */
  private static String rootName(SparkConf conf) {
    return SessionRules.isLambdaMaster(conf)
        ? conf.getAppId()
        : conf.getAppId() + "-" + optionsOf(conf).get(RunOptions.NONCE).orElseThrow();
  }

  /**
   * Tries the operations that the shuffle will need: stores, reads and deletes one small object,
   * and looks for one that does not exist: an identity without the right to list gets 403 for it,
   * as for a lost map output later, which would then fail the job instead of being recomputed. One
   * PUT, one GET, one DELETE, one HEAD.
   *
   * @throws UserErrorException naming what is missing: bucket, permission, endpoint
   */
  static void check(SparkConf conf) {
    Options options = optionsOf(conf);
    ObjectLocation location = runLocation(options);
    ObjectLocation object = location.resolve("start-check-" + Nonces.next());
    ObjectStore store = SharedStores.get(StoreSettings.from(options));
    try {
      store.put(object, ObjectContent.ofUtf8("?"));
      String unused = store.readUtf8(object);
      store.delete(List.of(object));
    } catch (IOException e) {
      throw new UserErrorException(
          "Cannot shuffle over S3: "
              + e.getMessage()
              + " Set "
              + RunOptions.LOCATION
              + " to a prefix in which this session may put, get and delete, or "
              + ShuffleOptions.START_CHECK.key()
              + "=false if only its executors may: nothing is deleted then, and letsdata gc must leave"
              + " that prefix alone, where the driver gives no sign of life.",
          e);
    }
    requireMissing(store, location.resolve("start-check-" + Nonces.next()));
  }

  private static void requireMissing(ObjectStore store, ObjectLocation missing) {
    try {
      Optional<ObjectStat> unused = store.stat(missing);
    } catch (IOException e) {
      throw new UserErrorException(
          "Cannot shuffle over S3: of an object that does not exist the store must say so. "
              + e.getMessage()
              + " Allow s3:ListBucket on bucket '"
              + missing.bucket()
              + "', or set "
              + ShuffleOptions.START_CHECK.key()
              + "=false if the executors have that right.",
          e);
    }
  }

  /**
   * The prefix of the session's objects.
   *
   * @throws UserErrorException when it is missing or no location
   */
  static ObjectLocation runLocation(Options options) {
    return options
        .get(RunOptions.LOCATION)
        .orElseThrow(
            () ->
                new UserErrorException(
                    "Cannot shuffle over S3: "
                        + RunOptions.LOCATION
                        + " is not set. Set it to s3://<bucket>/<prefix> for the run's own objects."));
  }

  /** The session's values of our options. */
  static Options optionsOf(SparkConf conf) {
    return Options.ofSession(key -> Optional.ofNullable(conf.get(key, null)));
  }

  @Override
  public Optional<OffsetsTable> offsets(int shuffleId, List<MapRef> wanted, Runnable whileWaiting)
      throws IOException {
    return registry.isPresent()
        ? Optional.empty()
        : client.table(store, shuffleId, wanted, whileWaiting);
  }

  @Override
  public Optional<OffsetsTable> offsetsInstead(
      int shuffleId, OffsetsTable unreadable, Runnable whileWaiting) throws IOException {
    return client.instead(store, shuffleId, unreadable, whileWaiting);
  }

  @Override
  public void committed(MapReport report) throws IOException {
    if (registry.isPresent()) {
      registry.get().add(report);
    } else {
      client.report(report);
    }
  }

  /**
   * Names the identity whose rights are missing when an executor is refused and the driver was not.
   */
  @Override
  public IOException explain(IOException failure, String permissions) {
    return registry.isPresent() ? failure : inExecutor(failure, permissions, root, checked);
  }

  static IOException inExecutor(
      IOException failure, String permissions, ObjectLocation root, boolean checked) {
    if (!(failure instanceof AccessDenied)) {
      return failure;
    }
    String whose =
        checked
            ? " The driver has put, got and deleted an object there, so the identity of its"
                + " executors (their nodes' or pods' role) lacks "
            : " The identity of the executors (their nodes' or pods' role) lacks ";
    return new AccessDenied(
        "Cannot shuffle over S3 in an executor: "
            + failure.getMessage()
            + whose
            + permissions
            + " on "
            + root
            + "/* ("
            + RunOptions.LOCATION
            + "). Allow it, or give executors the driver's identity.",
        failure);
  }
}

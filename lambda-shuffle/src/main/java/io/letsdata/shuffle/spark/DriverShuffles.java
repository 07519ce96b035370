// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.protocol.Leftovers;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.protocol.RunKey;
import io.letsdata.shuffle.driver.OutputRegistry;
import io.letsdata.shuffle.spark.context.ShuffleContext;
import io.letsdata.shuffle.spark.context.ShuffleRuntime;
import io.letsdata.shuffle.spark.offsets.PlanLog;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The driver's part of the shuffle, from the start check to the clean-up at the end of the
 * application. Thread-safe; in an executor it stays unused.
 */
final class DriverShuffles {
  private final SparkConf conf;
  private final boolean startCheck;
  private final ShuffleContext context;
  private final OutputRegistry registry;
  private final PlanLog plans;
  private final RunKey key;
  private @Nullable RunHeartbeat heartbeat;
  private boolean watching;

  DriverShuffles(SparkConf conf, ShuffleSettings settings, ShuffleContext context) {
    this.conf = conf;
    this.key = SessionRules.isLambdaMaster(conf) ? RunKey.NONE : RunKey.random();
    this.startCheck = settings.startCheck();
    this.context = context;
    this.registry = new OutputRegistry(context::home, settings.bounds(), context.tables());
    this.plans = new PlanLog(registry, settings.exchange());
  }

  ShuffleContext context() {
    return context;
  }

  OutputRegistry registry() {
    return registry;
  }

  /**
   * The key that handles carry: of this application, drawn here. On the Lambda master none: its
   * driver has one, which it sends with each invocation.
   */
  RunKey key() {
    return key;
  }

  PlanLog plans() {
    return plans;
  }

  /** Fails when the store lacks something. The Lambda master has checked it already. */
  void check() {
    if (startCheck && !SessionRules.isLambdaMaster(conf)) {
      SessionRuntime.check(conf);
    }
  }

  /**
   * The application's first shuffle starts its heartbeat, which shows {@code letsdata gc} that it
   * is alive. The Lambda master's driver has its own.
   */
  synchronized void beat() {
    if (heartbeat == null && !SessionRules.isLambdaMaster(conf)) {
      ShuffleRuntime current = context.runtime();
      heartbeat = RunHeartbeat.start(current.store(), current.root());
    }
  }

  /** The application's first shuffle begins to look for outputs that are lost at once. */
  synchronized void watch(SparkContext context) {
    if (!watching) {
      watching = true;
      context.addSparkListener(new LostOutputs(this));
    }
  }

  /**
   * The application ends: stops the heartbeat, at most one DELETE, and deletes the objects that
   * were never reported ({@link Leftovers}). Nothing in an application without a shuffle; the
   * Lambda master's driver has its own clean-up.
   */
  void end() {
    RunHeartbeat beating;
    synchronized (this) {
      beating = heartbeat;
    }
    if (beating != null) {
      beating.close();
      Leftovers.delete(context.store(), context.runtime().root(), Leftovers.AT_MOST);
    }
  }
}

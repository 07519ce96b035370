// SPDX-License-Identifier: Apache-2.0
/**
 * The Spark master {@code lambda://}, by the driver's hooks into Spark 3.5.9: all of them use
 * classes that are private to Spark in Scala.
 *
 * <p>In reading order: {@code LambdaClusterManager} is what Spark finds; it makes a {@code
 * LambdaTaskScheduler} and its {@code LambdaSchedulerBackend}, which starts a run ({@code
 * RunPrefix}), offers {@code Slots} and shows them as {@code VirtualExecutors} with {@code
 * LogLinks}. {@code SchedulerTaskReporter} reports the ends of tasks to Spark, with {@code
 * FailureNotes}. {@code RunReports} is for the user's program.
 */
@NullMarked
package io.letsdata.executor.spark;

import org.jspecify.annotations.NullMarked;

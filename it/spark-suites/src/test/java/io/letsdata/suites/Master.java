// SPDX-License-Identifier: Apache-2.0
package io.letsdata.suites;

import io.letsdata.fixtures.stack.LambdaStack;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFunSuite;
import org.apache.spark.sql.QueryTest;
import org.apache.spark.sql.SparkSession$;
import org.apache.spark.sql.catalyst.plans.PlanTest;
import org.apache.spark.sql.test.TestSparkSession;
import org.apache.spark.tags.SlowSQLTest;
import org.mockito.Mockito;
import org.scalactic.TripleEquals;
import org.scalatest.Suite;
import org.scalatest.compatible.Assertion;
import org.scalatest.funsuite.AnyFunSuite;
import org.scalatest.matchers.Matcher;
import org.scalatest.matchers.must.Matchers;
import scala.Tuple2;

/** Where a suite runs. */
enum Master {
  /** Plain Spark, for comparison. */
  STOCK {
    @Override
    SparkConf configure(SparkConf conf) {
      return conf;
    }
  },

  /** {@code local[2]} with our shuffle manager over the local stack's S3. */
  SHUFFLE {
    @Override
    SparkConf configure(SparkConf conf) {
      for (Tuple2<String, String> setting : LambdaStack.shared().localConf().getAll()) {
        conf.set(setting._1(), setting._2());
      }
      return conf.set("spark.shuffle.manager", MANAGER)
          .set("spark.letsdata.run.location", runs())
          .setMaster("local[2]");
    }
  },

  /**
   * The Lambda master, on the local stack. Paths without a scheme are objects, for driver and
   * tasks: they have no disk in common.
   */
  LAMBDA {
    @Override
    SparkConf configure(SparkConf conf) {
      for (Tuple2<String, String> setting : LambdaStack.shared().lambdaConf().getAll()) {
        conf.set(setting._1(), setting._2());
      }
      // S3A does not look for the class of local files in the session's jars.
      conf.remove("spark.hadoop.fs.file.impl");
      // The suites set the default time zone of their JVM.
      return conf.set("spark.jars", jars())
          .set("spark.executor.extraJavaOptions", "-Duser.timezone=America/Los_Angeles")
          .set("spark.hadoop.fs.defaultFS", "s3a://" + LambdaStack.shared().bucket())
          .set("spark.sql.warehouse.dir", "s3a://" + LambdaStack.shared().bucket() + "/warehouse");
    }
  };

  private static final String MANAGER = "io.letsdata.shuffle.spark.S3ShuffleManager";

  private static volatile Master current = STOCK;

  static Master current() {
    return current;
  }

  /** Suites that are made from now on run here. */
  void use() {
    current = this;
  }

  abstract SparkConf configure(SparkConf conf);

  /** The session of one suite, which stops it. */
  TestSparkSession session(SparkConf conf) {
    SparkSession$.MODULE$.cleanupAnyExistingSession();
    if (this == STOCK) {
      return new TestSparkSession(conf);
    }
    return new TestSparkSession(
        new SparkContext(conf.setAppName("suites").set("spark.sql.testkey", "true")));
  }

  private static String runs() {
    return "s3://" + LambdaStack.shared().bucket() + "/runs";
  }

  /** The suites' functions run in workers, so their jars travel as a user's do. */
  private static String jars() {
    return Stream.of(
            QueryTest.class,
            PlanTest.class,
            SparkFunSuite.class,
            SlowSQLTest.class,
            Suite.class,
            AnyFunSuite.class,
            Matcher.class,
            Matchers.class,
            Assertion.class,
            TripleEquals.class,
            Mockito.class)
        .map(Master::jar)
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static String jar(Class<?> type) {
    try {
      return Path.of(
              Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                  .getLocation()
                  .toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.training;

import io.letsdata.executor.settings.LambdaOptions;
import io.letsdata.local.LocalCloud;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.spark.S3ShuffleManager;
import io.letsdata.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The work of a worker before its classes are archived: write, scan, aggregate, join, sort, cache,
 * and a program of functions.
 */
final class TrainingWork {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWork.class);
  private static final String BUCKET = "training";
  private static final String TABLE = "s3://" + BUCKET + "/table";

  private final LocalCloud cloud;
  private final Path taskJar;

  TrainingWork(LocalCloud cloud, Path taskJar) {
    this.cloud = cloud;
    this.taskJar = taskJar;
  }

  /**
   * Runs all of it in one environment, which has ended when this returns.
   *
   * @param classLog file to which {@code -Xlog:class+load} of the environment writes
   */
  void run(Path classLog) throws IOException {
    // A bucket of the stand-in is a folder.
    Files.createDirectories(cloud.home().resolve("s3").resolve(BUCKET));
    try (SparkSession spark = SparkSession.builder().config(conf()).getOrCreate()) {
      sql(spark);
      JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
      functions(sc);
      exit(sc, classLog);
    }
  }

  private static void sql(SparkSession spark) {
    spark
        .range(0, 50_000, 1, 1)
        .selectExpr(
            "id",
            "id % 100 as k",
            "cast(id * 1.5 as double) as v",
            "cast(id as decimal(15,2)) as money",
            "concat('name-', id % 1000) as s",
            "date_add(date '2026-01-01', cast(id % 300 as int)) as d")
        .write()
        .format("letsdata-s3")
        .option("format", "parquet")
        .save(TABLE);
    spark.read().format("letsdata-s3").load(TABLE).createOrReplaceTempView("t");
    for (String query :
        List.of(
            "select s, sum(v), count(*), avg(money) from t where k < 90 group by s order by 2 desc limit 10",
            "select a.k, max(b.d), count(distinct b.s) from t a join (select k, d, s from t where id < 500) b"
                + " on a.k = b.k where a.s like 'name-1%' group by a.k",
            "select /*+ MERGE(b) */ count(*) from t a join t b on a.id = b.id where year(a.d) = 2026",
            "select k, row_number() over (partition by k order by v) as r from t where id < 1000")) {
      spark.sql(query).write().format("noop").mode("overwrite").save();
    }
    var cached = spark.table("t").where("k = 1").cache();
    var unused = cached.count() + cached.count();
  }

  private static void functions(JavaSparkContext sc) {
    var broadcast = sc.broadcast(new byte[100_000]);
    var unused =
        sc.parallelize(List.of(1, 2, 3, 4), 2)
            .mapToPair(i -> new Tuple2<>(i % 2, i + broadcast.value().length))
            .reduceByKey(Integer::sum)
            .sortByKey()
            .collect();
  }

  /** The task ends its process, so the job fails. */
  private static void exit(JavaSparkContext sc, Path classLog) {
    try {
      sc.parallelize(List.of(1), 1).foreach(new LinkAndExit(classLog.toString()));
    } catch (Exception e) { // a SparkException, which no signature of Java's API declares
      LOG.debug("The trained environment has ended", e);
    }
  }

  private SparkConf conf() {
    SparkConf conf =
        new SparkConf()
            .setAppName("training")
            .setMaster("lambda://letsdata-worker")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.jars", taskJar.toString())
            .set("spark.task.maxFailures", "1")
            .set("spark.sql.shuffle.partitions", "2")
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set(LambdaOptions.ENDPOINT.key(), cloud.lambdaEndpoint().toString())
            .set(LambdaOptions.REGION.key(), "us-east-1")
            .set(LambdaOptions.CONCURRENCY.key(), "1")
            .set(RunOptions.LOCATION.key(), "s3://" + BUCKET + "/runs");
    StoreSettings.localStack(cloud.s3Endpoint(), cloud.credentialsFile())
        .toProperties()
        .forEach(conf::set);
    return conf;
  }
}

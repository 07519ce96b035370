// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExecutorClassPathTest {
  private static final String JAR = "lambda-shuffle-1.0-bundle.jar";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local[2] | -",
        "local | -",
        "lambda://aws | -",
        "yarn | ./lambda-shuffle-1.0-bundle.jar",
        "spark://m:7077 | /opt/other.jar:/opt/lambda-shuffle-1.0-bundle.jar",
        "spark://m:7077 | /opt/letsdata/*",
        "k8s://https://h | /opt/letsdata/lambda-shuffle-bundle.jar"
      })
  void jarThatExecutorsHaveOrDoNotNeedIsAccepted(String master, String classPath) {
    assertThat(ExecutorClassPath.problem(conf(master, classPath), JAR)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yarn | - | Set spark.executor.extraClassPath=./lambda-shuffle-1.0-bundle.jar.",
        "spark://m:7077 | - | Set spark.executor.extraClassPath to where it is on the workers.",
        "spark://m:7077 | /opt/other.jar | does not name lambda-shuffle-1.0-bundle.jar.",
        "local-cluster[1,1,512] | - | Set spark.executor.extraClassPath"
      })
  void jarThatExecutorsCannotHaveIsRefused(String master, String classPath, String message) {
    assertThatThrownBy(() -> ExecutorClassPath.problem(conf(master, classPath), JAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot shuffle over S3 on master "
                + master
                + ": Spark makes an executor's shuffle manager before it fetches --jars")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"k8s://https://h, none", "yarn, spark.yarn.jars", "yarn, spark.yarn.archive"})
  void imageThatMayHoldItIsNotRefused(String master, String key) {
    SparkConf conf = conf(master, "-").set(key, "hdfs:///spark");

    assertThat(ExecutorClassPath.problem(conf, JAR)).get().asString().contains("all is well");
  }

  @Test
  void managerThatCameWithTheJobsJarsLooks() throws Exception {
    SparkConf conf = conf("spark://m:7077", "-").set("spark.letsdata.run.location", "s3://test/r");

    new S3ShuffleManager(conf.clone(), true).stop(); // beside Spark, as in these tests
    try (URLClassLoader jobs = new JobsLoader()) {
      var constructor =
          jobs.loadClass(S3ShuffleManager.class.getName())
              .getConstructor(SparkConf.class, boolean.class);

      assertThatThrownBy(() -> constructor.newInstance(conf, true))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("lambda-shuffle-<version>-bundle.jar");
    }
  }

  private static SparkConf conf(String master, String classPath) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    return classPath.equals("-") ? conf : conf.set("spark.executor.extraClassPath", classPath);
  }

  /** Has the shuffle's classes itself, and Spark's from its parent, as Spark's own loader. */
  private static final class JobsLoader extends URLClassLoader {
    JobsLoader() {
      super(
          new URL[] {S3ShuffleManager.class.getProtectionDomain().getCodeSource().getLocation()},
          S3ShuffleManager.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith("io.letsdata.shuffle.")) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}

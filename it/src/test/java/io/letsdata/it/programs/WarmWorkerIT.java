// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.tasks.WorkerTasks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One environment serves several applications, which must not see each other. */
@Tag("programs")
final class WarmWorkerIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  private record Seen(List<String> surroundings, Map<Integer, String> shuffled) {
    String of(String what) {
      return surroundings.stream()
          .filter(line -> line.startsWith(what + " "))
          .findFirst()
          .orElseThrow()
          .substring(what.length() + 1);
    }
  }

  @Test
  void applicationsThatAlternateOnAWarmWorkerSeeOnlyTheirOwn(@TempDir Path folder)
      throws Exception {
    Path alpha = Files.createDirectories(folder.resolve("alpha"));
    Path beta = Files.createDirectories(folder.resolve("beta"));

    STACK.awaitIdle();
    List<Seen> runs =
        List.of(
            run("alpha", alpha, "application"),
            run("beta", beta, "application"),
            run("alpha", alpha, "application"),
            run("beta", beta, "application"));

    assertThat(runs).extracting(run -> run.of("pid")).containsOnly(runs.get(0).of("pid"));
    for (int i = 0; i < runs.size(); i++) {
      String name = i % 2 == 0 ? "alpha" : "beta";
      Seen run = runs.get(i);
      assertThat(run.of("file")).isEqualTo(name);
      assertThat(run.of("broadcast")).isEqualTo(name);
      assertThat(run.of("property")).isEqualTo(name.equals("alpha") ? "alpha" : "null");
      assertThat(run.of("file system")).isEqualTo(name);
      assertThat(run.of("greeting")).isEqualTo("hello from " + name);
      assertThat(run.of("left")).isEqualTo("[]");
      assertThat(run.of("changed")).matches("\\[(UTC|GMT), en\\w*, null, false]");
      assertThat(run.shuffled()).containsOnly(Map.entry(0, name + name), Map.entry(1, name + name));
    }
  }

  @Test
  void isolatedApplicationSharesNoProcess(@TempDir Path folder) throws Exception {
    Path own = Files.createDirectories(folder.resolve("own"));

    STACK.awaitIdle();
    List<Seen> runs =
        List.of(
            run("first", own, "application"),
            run("isolated", own, "environment"),
            run("last", own, "application"));

    assertThat(runs).extracting(run -> run.of("pid")).doesNotHaveDuplicates();
    assertThat(runs.get(1).of("kept")).as("a setting of the JVM").isEqualTo("null");
    assertThat(runs.get(2).of("kept")).isEqualTo("null");
  }

  @Test
  void nativeLibraryThatAnEarlierApplicationHoldsIsLoadedByTheNext() {
    STACK.awaitIdle();
    SparkConf conf = STACK.lambdaConf().set("spark.letsdata.lambda.concurrency", "1");
    conf.set("spark.task.maxFailures", "1");

    for (int application = 0; application < 2; application++) {
      try (JavaSparkContext sc = new JavaSparkContext(conf)) {
        assertThat(sc.parallelize(List.of(1, 2), 2).map(WorkerTasks.loadedLibrary()).collect())
            .containsExactly(1, 2);
      }
    }
  }

  /** One application with the same ids as every other: broadcast 0, shuffle 0, stage 0. */
  private static Seen run(String name, Path folder, String isolation) throws IOException {
    Path file = Files.writeString(folder.resolve("same.txt"), name);
    SparkConf conf = STACK.lambdaConf().set("spark.letsdata.lambda.concurrency", "1");
    conf.set("spark.letsdata.lambda.isolation", isolation).set("spark.task.maxFailures", "1");
    conf.set("spark.jars", conf.get("spark.jars") + "," + greetingJar(name, folder));
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      sc.addFile(file.toString());
      if (name.equals("alpha")) {
        sc.setLocalProperty("it.property", name);
      }
      List<String> seen =
          sc.parallelize(List.of(1), 1)
              .map(WorkerTasks.surroundings(name, sc.broadcast(name)))
              .first();
      Map<Integer, String> shuffled =
          sc.parallelize(List.of(0, 1, 2, 3), 2)
              .mapToPair(WorkerTasks.named(name))
              .reduceByKey(WorkerTasks.joined())
              .collectAsMap();
      return new Seen(seen, shuffled);
    }
  }

  /** A jar with a class {@code user.Greeting}, another one for each name. */
  private static Path greetingJar(String name, Path folder) throws IOException {
    Path source = folder.resolve("Greeting.java");
    Files.writeString(
        source,
        "package user; public class Greeting { public static String text() { return \"hello from "
            + name
            + "\"; } }");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(failed).isZero();
    Path jar = folder.resolve("greeting.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("user/Greeting.class"));
      Files.copy(classes.resolve("user/Greeting.class"), entries);
    }
    return jar;
  }
}

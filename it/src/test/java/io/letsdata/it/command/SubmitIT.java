// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.fixtures.stack.ChildJvm;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.it.ErrorLog;
import io.letsdata.it.tasks.AddedJar;
import io.letsdata.it.tasks.ProgramTasks;
import io.letsdata.it.tasks.SubmittedApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Spark's own {@code spark-submit}, in a process of its own. */
@Tag("command")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class SubmitIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  @Test
  void applicationRunsWithItsConfFilesAndJars(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("words.txt"), "from a file");
    Path jar = AddedJar.create(folder, "Submitted", "from another jar");

    Ended ended =
        submit(
            folder,
            List.of(
                "--files",
                file.toString(),
                "--jars",
                jar.toString(),
                "--conf",
                "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                "--conf",
                "spark.kryo.registrationRequired=true",
                "--conf",
                "spark.kryo.registrator=" + ProgramTasks.Registrator.class.getName()),
            List.of("words.txt", "Submitted"));

    assertThat(ended.output())
        .contains("said master=local-lambda://" + LambdaStack.FUNCTION)
        .contains("said rows=100")
        .contains("said file=from a file")
        .contains("said jar=from another jar");
    assertThat(ended.code()).isZero();
  }

  @Test
  void serializerOfTheUsersJarIsThatOfDriverAndWorkers(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("words.txt"), "words");
    String serializer =
        " extends org.apache.spark.serializer.JavaSerializer {"
            + " public OwnSerializer() { this(new org.apache.spark.SparkConf(false)); }"
            + " public OwnSerializer(org.apache.spark.SparkConf conf) { super(conf); }";
    Path jar = AddedJar.create(folder, "OwnSerializer", serializer, "own");

    Ended ended =
        submit(
            folder,
            List.of(
                "--files",
                file.toString(),
                "--jars",
                jar.toString(),
                "--conf",
                "spark.serializer=OwnSerializer"),
            List.of("words.txt", "OwnSerializer"));

    assertThat(ended.output())
        .contains("said rows=100", "said jar=own", "said serializer=OwnSerializer");
    assertThat(ended.code()).isZero();
  }

  @Test
  void applicationsAtOnceShareTheFunction(@TempDir Path folder) throws Exception {
    List<CompletableFuture<Ended>> running = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path own = Files.createDirectories(folder.resolve(name));
      Path file = Files.writeString(own.resolve("words.txt"), "from " + name);
      Path jar = AddedJar.create(own, "Submitted", "jar of " + name);
      running.add(
          CompletableFuture.supplyAsync(
              () ->
                  submitUnchecked(
                      own,
                      List.of("--files", file.toString(), "--jars", jar.toString()),
                      List.of("words.txt", "Submitted"))));
    }

    assertThat(running.get(0).get().output())
        .contains("said rows=100", "said file=from one", "said jar=jar of one");
    assertThat(running.get(1).get().output())
        .contains("said rows=100", "said file=from two", "said jar=jar of two");
    assertThat(running).allMatch(ended -> ended.join().code() == 0);
  }

  private Ended submitUnchecked(Path folder, List<String> options, List<String> arguments) {
    try {
      return submit(folder, options, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void clusterModeIsRefusedBySparkItself(@TempDir Path folder) throws Exception {
    Ended ended = submit(folder, List.of("--deploy-mode", "cluster"), List.of());

    assertThat(ended.code()).isNotZero();
    assertThat(ended.output())
        .contains("Cluster deploy mode is not compatible with master \"local\"");
  }

  private record Ended(int code, String output) {}

  private Ended submit(Path folder, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    Map<String, String> conf = new TreeMap<>();
    for (Tuple2<String, String> entry : STACK.lambdaConf().getAll()) {
      conf.put(entry._1(), entry._2());
    }
    String application = conf.remove("spark.jars");
    conf.remove("spark.master");
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.add("-Xmx512m");
    command.addAll(ChildJvm.flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", "local-lambda://" + LambdaStack.FUNCTION));
    command.addAll(List.of("--class", SubmittedApp.class.getName()));
    conf.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(options);
    command.add(String.valueOf(application));
    command.addAll(arguments);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    ErrorLog.judge(text);
    return new Ended(process.exitValue(), text);
  }
}

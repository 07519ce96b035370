// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.fixtures.stack.ChildJvm;
import io.letsdata.fixtures.store.TestIdentity;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@link BundleApplication} in a process of its own, with the same shuffle and map ids as any
 * other; driver and executors have Spark and the jar to install, and nothing else of ours. Whoever
 * starts it ends it.
 */
final class OtherApplication implements AutoCloseable {
  private static final Pattern NOT_SPARKS =
      Pattern.compile(
          "/target/|/io/letsdata/|/software/amazon/|/reactive-streams/|/org/junit/|/org/assertj/"
              + "|/org/awaitility/|/bytebuddy/");

  private final Process process;
  private final BufferedReader answers;
  private final OutputStream wishes;

  OtherApplication(URI endpoint, Path folder) throws IOException {
    String spark =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !NOT_SPARKS.matcher(entry).find())
            .collect(Collectors.joining(File.pathSeparator));
    String installed = spark + File.pathSeparator + System.getProperty("letsdata.bundle");
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.addAll(ChildJvm.flags());
    command.add("-Dspark.executor.extraJavaOptions=" + ChildJvm.extraJavaOptions());
    TestIdentity.settings(endpoint)
        .toProperties()
        .forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-Dspark.executor.extraClassPath=" + installed);
    command.add("-Dspark.letsdata.run.location=" + ClusterSession.RUN_LOCATION);
    command.addAll(List.of("-Xmx512m", "-cp", installed + File.pathSeparator + alone(folder)));
    command.add(BundleApplication.class.getName());
    process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("other.log").toFile())
            .directory(folder.toFile())
            .start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    wishes = process.getOutputStream();
  }

  /** A folder with the application's class alone. */
  private static Path alone(Path folder) throws IOException {
    String name = BundleApplication.class.getName().replace('.', '/') + ".class";
    Path copy = folder.resolve("application").resolve(name);
    Files.createDirectories(copy.getParent());
    try (var in = BundleApplication.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(in, copy);
    }
    return folder.resolve("application");
  }

  /** Once it has shuffled: its id. */
  String applicationId() throws IOException {
    return answer("shuffled ");
  }

  /**
   * Lets its executors leave, and it read the shuffle again on others, one of which dies; how many
   * map tasks that took.
   */
  int mapTasksOfTheSecondRead() throws IOException {
    wishes.write('\n');
    wishes.flush();
    return Integer.parseInt(answer("again "));
  }

  private String answer(String word) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(word)) {
        return line.substring(word.length());
      }
    }
    throw new IOException("the other application has ended before it " + word);
  }

  /** Lets it end; whether its sums were right and the end was normal. */
  boolean end() throws IOException, InterruptedException {
    wishes.close();
    return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}

package io.letsdata.shuffle.spark;

import io.letsdata.store.StoreSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * An application in a process of its own, with the same shuffle and map ids as any other; whoever
 * starts it ends it.
 */
final class OtherApplication implements AutoCloseable {
  private static final int RECORDS = 300;

  private final Process process;
  private final BufferedReader answers;

  OtherApplication(URI endpoint) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OtherApplication.class.getName(), endpoint.toString()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Once it has shuffled: its id. */
  String applicationId() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith("shuffled ")) {
        return line.substring("shuffled ".length());
      }
    }
    throw new IOException("the other application has ended");
  }

  /** Lets it shuffle again and end; whether both sums were right and the end was normal. */
  boolean end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Shuffles, says so, and waits for the end of its input. */
  public static void main(String[] arguments) throws IOException {
    SparkConf conf =
        new SparkConf()
            .setAppName("other")
            .setMaster("local[1]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.shuffle.manager", S3ShuffleManager.class.getName())
            .set("spark.letsdata.run.location", ClusterSession.RUN_LOCATION);
    StoreSettings.localStack(URI.create(arguments[0])).toProperties().forEach(conf::set);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      JavaPairRDD<Integer, byte[]> shuffled = ClusterTasks.shuffledBlobs(spark, RECORDS, 4, 3);
      require(ClusterTasks.sumOfKeys(shuffled));
      System.out.println("shuffled " + spark.sc().applicationId());
      int unused = System.in.read();
      require(ClusterTasks.sumOfKeys(shuffled));
    }
  }

  private static void require(long sum) {
    if (sum != (RECORDS - 1L) * RECORDS / 2) {
      throw new IllegalStateException("wrong sum: " + sum);
    }
  }
}

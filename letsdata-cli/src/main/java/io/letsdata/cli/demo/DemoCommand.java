// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import com.example.webcrawl.CrawlInput;
import com.example.webcrawl.ResultTable;
import com.example.webcrawl.WebCrawlJob;
import com.example.webcrawl.WetGenerator;
import io.letsdata.cli.local.LocalStack;
import io.letsdata.cli.local.StackOptions;
import io.letsdata.cli.shared.Distribution;
import io.letsdata.executor.account.RunReport;
import io.letsdata.executor.spark.RunReports;
import io.letsdata.options.Internal;
import io.letsdata.options.Options;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.S3ObjectStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata demo}: everything at once, on this machine. */
@Command(
    name = "demo",
    description =
        "Run the web-crawl job over generated WET files, each task in its own Lambda invocation, on"
            + " a local stack.",
    footer = {"", "Example:  letsdata demo --files 16 --records 20000 --output result"})
@Internal
public final class DemoCommand implements Callable<Integer> {
  private static final long SEED = 20231128;
  private static final int SHOWN_LINES = 12;
  private static final String CRAWL = "web crawl";
  private static final String READ_BACK = "read the result";

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "8",
      description = "WET files to generate; each is one task (default: ${DEFAULT-VALUE}).")
  int files;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Pages a file; 5000 are about 19 MB of text (default: ${DEFAULT-VALUE}).")
  int records;

  @Mixin StackOptions stackOptions = new StackOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Copy the result's objects into this folder; without it they vanish with the stack.")
  @Nullable Path output;

  @Option(names = "--keep", description = "Leave the stack up after the run, until Ctrl-C.")
  boolean keep;

  @Override
  public Integer call() throws Exception {
    StackOptions.requireAtLeastOne(spec, "--files", files);
    StackOptions.requireAtLeastOne(spec, "--records", records);
    stackOptions.check(spec);
    PrintWriter out = spec.commandLine().getOut();
    Steps steps = new Steps(spec.commandLine().getErr(), System::nanoTime);

    steps.begin("starting the local stack: S3 and Lambda, each in a process of its own");
    try (LocalStack stack = LocalStack.start(Distribution.current(), stackOptions);
        ObjectStore store =
            S3ObjectStore.create(
                StoreSettings.from(Options.ofSession(stack::setting)), new RequestMeter())) {
      ObjectLocation folder = new ObjectLocation(LocalStack.BUCKET, "demo");
      steps.begin(
          String.format(
              Locale.ROOT, "generating %d WET files with %,d pages each", files, records));
      CrawlInput input =
          CrawlInput.write(
              stack::setting,
              folder.resolve("input").toString(),
              new WetGenerator(SEED),
              files,
              records);
      steps.done(
          String.format(
              Locale.ROOT,
              "%,d pages, %,d MB of text, %,d MB stored",
              input.pages(),
              input.textBytes() / 1_000_000,
              input.objectBytes() / 1_000_000));

      ObjectLocation result = folder.resolve("result");
      runJob(stack, input, result, steps, out);
      keepResult(store, result, stack, out);
    }
    return 0;
  }

  private void runJob(
      LocalStack stack, CrawlInput input, ObjectLocation result, Steps steps, PrintWriter out) {
    steps.begin("starting Spark with master lambda://" + LocalStack.FUNCTION);
    RunProgress progress =
        new RunProgress(
            spec.commandLine().getErr(),
            Distribution.hasTerminal()
                ? RunProgress.Display.UPDATING
                : RunProgress.Display.APPENDING,
            steps::elapsedNanos);
    ResultTable table;
    RunReport report;
    try (SparkSession spark = session(stack)) {
      spark.sparkContext().addSparkListener(progress);
      steps.begin("running the web-crawl job: " + input.manifest() + " -> " + result);
      spark.sparkContext().setJobDescription(CRAWL);
      WebCrawlJob.run(spark, input.manifest(), result.toString());
      spark.sparkContext().setJobDescription(READ_BACK);
      table =
          ResultTable.of(
              spark.read().format("letsdata-s3").load(result.toString()).collectAsList());
      report = RunReports.of(spark.sparkContext());
    }
    // Stopping the session delivers the events that were still on their way to the listener.
    steps.done("job done");
    out.printf("%nHow long are the pages of the web, by language?%n%n");
    out.print(table.render(SHOWN_LINES));
    out.printf("%nWhat the run took (local durations at list price)%n%n");
    out.printf(
        Locale.ROOT,
        "Rows           %,d in (%,d pages and a warcinfo a file), %,d out%n",
        progress.rowsRead(CRAWL),
        table.samples(),
        table.lines().size());
    out.println(report.render());
    out.flush();
  }

  private void keepResult(
      ObjectStore store, ObjectLocation result, LocalStack stack, PrintWriter out)
      throws Exception {
    Path folder = output;
    if (folder != null) {
      int objects = StoredFolder.copy(store, result, folder);
      out.printf("Output         %s objects of %s copied to %s%n", objects, result, folder);
    } else {
      out.printf(
          "Output         %s, in the local S3%s%n",
          result,
          keep ? "" : "; it vanishes now (--output DIR copies it, --keep leaves the stack up)");
    }
    out.flush();
    if (keep) {
      out.printf("S3             until Ctrl-C; for the aws command:%n");
      out.printf("  export %s%n", stack.awsVariables());
      out.flush();
      stack.awaitInterrupt();
    }
  }

  private static SparkSession session(LocalStack stack) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName("letsdata demo")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.local.dir", stack.scratch().toString())
            .config("spark.sql.warehouse.dir", stack.scratch().resolve("warehouse").toString())
            .config("spark.sql.session.timeZone", "UTC");
    stack.sparkConf().forEach(builder::config);
    return builder.config("spark.master", "lambda://" + LocalStack.FUNCTION).getOrCreate();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.local;

import io.letsdata.cli.shared.Distribution;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code letsdata local up}: the stack alone, until Ctrl-C. */
@Command(
    name = "up",
    description =
        "Start the local stack, show how to use it, stay until Ctrl-C, leave nothing behind.",
    footer = {
      "",
      "Example:  letsdata local up --conf spark.conf",
      "          letsdata submit --conf-file spark.conf --class my.Job my.jar"
    })
final class LocalUpCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description =
          "Write the Spark conf there, in the form of spark-defaults.conf; deleted at the end.")
  @Nullable Path confFile;

  @Mixin StackOptions stackOptions = new StackOptions();

  @Override
  public Integer call() throws Exception {
    stackOptions.check(spec);
    PrintWriter out = spec.commandLine().getOut();
    spec.commandLine().getErr().println("Starting the local stack ...");
    try (LocalStack stack = LocalStack.start(Distribution.current(), stackOptions)) {
      Path file = confFile;
      if (file != null) {
        stack.writeConf(file);
      }
      describe(stack, file, out);
      stack.awaitInterrupt();
      return 0;
    }
  }

  private static void describe(LocalStack stack, @Nullable Path file, PrintWriter out) {
    out.printf("S3        %s%n", stack.s3Endpoint());
    out.printf("Lambda    %s  (function %s)%n", stack.lambdaEndpoint(), LocalStack.FUNCTION);
    out.printf("Bucket    s3://%s%n", LocalStack.BUCKET);
    out.println("Identity  only for you, another one at each start. For the aws command:");
    out.printf("  export %s%n", stack.awsVariables());
    if (file == null) {
      out.println("Spark conf:");
      stack.sparkConf().forEach((key, value) -> out.printf("  %s %s%n", key, value));
    } else {
      out.printf("Spark conf is in %s. In another terminal:%n", file);
      out.printf("  letsdata submit --conf-file %s --class my.Job my.jar%n", file);
    }
    out.println("Running until Ctrl-C; then everything in the bucket is deleted.");
    out.flush();
  }
}

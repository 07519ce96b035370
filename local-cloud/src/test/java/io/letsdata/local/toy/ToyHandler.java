// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.toy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A function that does what its payload says: {@code {"do": "<verb>", "arg": "<text>"}}. Packaged
 * by {@link ToyFunction}, run by AWS's runtime client.
 */
public final class ToyHandler implements RequestHandler<Map<String, String>, Map<String, String>> {

  private static final List<byte[]> HELD = new ArrayList<>();
  private static int calls;

  /** Done once per process: {@code TOY_INIT} makes it slow, or fail. */
  public ToyHandler() throws Exception {
    String init = System.getenv().getOrDefault("TOY_INIT", "");
    if (init.equals("fail")) {
      throw new IllegalStateException("planned failure of init");
    }
    if (init.startsWith("exit-once ") && new File(init.substring(10)).createNewFile()) {
      System.exit(3);
    }
    if (init.startsWith("slow-once ")) {
      sleepUntilInitWasReported(new File(init.substring(10)));
    }
  }

  @Override
  public Map<String, String> handleRequest(Map<String, String> input, Context context) {
    calls++;
    String argument = input.getOrDefault("arg", "");
    Map<String, String> answer = new TreeMap<>();
    try {
      act(input.getOrDefault("do", "echo"), argument, answer);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    answer.put("calls", Integer.toString(calls));
    answer.put("pid", Long.toString(ProcessHandle.current().pid()));
    answer.put("requestId", context.getAwsRequestId());
    answer.put("arn", context.getInvokedFunctionArn());
    answer.put("remainingMillis", Integer.toString(context.getRemainingTimeInMillis()));
    return answer;
  }

  private static void act(String verb, String argument, Map<String, String> answer)
      throws IOException, InterruptedException {
    switch (verb) {
      case "echo" -> answer.put("echo", argument);
      case "log" -> System.out.println(argument);
      case "fail" -> throw new IllegalArgumentException(argument);
      case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(argument));
      case "sleep" -> Thread.sleep(Long.parseLong(argument));
      case "await" -> awaitFile(Path.of(argument));
      case "fill" -> hold(Integer.parseInt(argument));
      case "big" -> answer.put("big", "x".repeat(Integer.parseInt(argument)));
      case "touch" -> Files.writeString(Path.of(argument), "touched by a run");
      case "append" ->
          Files.writeString(
              Path.of(argument),
              "x",
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND);
      case "spill" ->
          Files.write(
              Path.of(System.getProperty("java.io.tmpdir"), "spilled"),
              new byte[Integer.parseInt(argument) << 20]);
      case "tick" -> tick(Path.of(argument));
      case "env" -> answer.putAll(System.getenv());
      case "system" ->
          System.getProperties().forEach((key, value) -> answer.put("" + key, "" + value));
      case "memory" -> answer.put("maxHeap", "" + Runtime.getRuntime().maxMemory());
      case "flags" ->
          answer.put(
              "flags",
              java.lang.management.ManagementFactory.getRuntimeMXBean()
                  .getInputArguments()
                  .toString());
      case "open" -> open(Integer.parseInt(argument));
      case "resource" -> answer.put("resource", resource(argument));
      default -> throw new IllegalArgumentException("unknown verb " + verb);
    }
  }

  /**
   * The first start takes until it is killed: the stand-in reports it in the environment's log
   * afterwards, so that the second start finds that.
   */
  private static void sleepUntilInitWasReported(File logs)
      throws IOException, InterruptedException {
    Path log = logs.toPath().resolve(System.getenv("AWS_LAMBDA_LOG_STREAM_NAME"));
    while (!Files.exists(log) || !Files.readString(log).contains("INIT_REPORT")) {
      Thread.sleep(20);
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    while (!Files.exists(file)) {
      Thread.sleep(20);
    }
  }

  /** Many descriptors at once. */
  private static void open(int count) throws IOException {
    List<java.io.InputStream> files = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        files.add(Files.newInputStream(Path.of("/proc/self/status")));
      }
    } finally {
      for (java.io.InputStream file : files) {
        file.close();
      }
    }
  }

  /** Memory that is used, outside of the heap's limit when {@code megabytes} is large. */
  private static void hold(int megabytes) throws InterruptedException {
    for (int i = 0; i < megabytes; i++) {
      byte[] block = new byte[1 << 20];
      java.util.Arrays.fill(block, (byte) 1);
      HELD.add(block);
    }
    Thread.sleep(60_000); // until it is killed
  }

  /** A thread that outlives the response, as long as the environment is not frozen. */
  private static void tick(Path file) {
    Thread ticker =
        new Thread(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  Files.writeString(file, Integer.toString(i));
                  Thread.sleep(5);
                }
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    ticker.setDaemon(true);
    ticker.start();
  }

  private static String resource(String name) throws IOException {
    try (var in = ToyHandler.class.getResourceAsStream(name)) {
      return in == null
          ? "absent"
          : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}

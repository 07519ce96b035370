// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ThrowableSerializationWrapper;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.util.AccumulatorV2;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Adds to a task's failure the remedy, when the function's size or a jar that no worker has is the
 * cause. Immutable.
 *
 * @param function name of the function
 * @param memory its memory size in MB
 * @param temporaryMb size of its /tmp
 */
record FailureAdvice(String function, String memory, long temporaryMb) {
  private static final Logger LOG = LoggerFactory.getLogger(FailureAdvice.class);

  /**
   * "Could not initialize class" is a NoClassDefFoundError too, of a class that is there; Hadoop
   * writes "Class X not found".
   */
  private static final Pattern MISSING_CLASS =
      Pattern.compile(
          "(?:ClassNotFoundException|NoClassDefFoundError): (?!Could not )(?:Class )?([\\w.$/]+)(?:\\s|$)");

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  /** For the function that runs here, by Lambda's variables. */
  static FailureAdvice here(long temporaryBytes) {
    return new FailureAdvice(
        System.getenv().getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "unknown"),
        System.getenv().getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "unknown"),
        temporaryBytes >> 20);
  }

  /** The remedy, when the text of a failure contains a known cause. */
  Optional<String> remedy(String failure) {
    if (failure.contains("No space left on device")) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "Cannot write to /tmp: it is full (%d MB). Raise EphemeralStorage of function '%s' (up to"
                  + " 10240 MB; SnapStart allows 512 MB only), or its memory so that less is spilled,"
                  + " or use more and smaller partitions.",
              temporaryMb,
              function));
    }
    if (failure.contains("Checkpoint block rdd_")) { // SparkCoreErrors, 3.5.9
      return Optional.of(
          "Cannot read a block of localCheckpoint(): it is not in the store. Either its RDD was"
              + " unpersisted, or its values cannot be serialized or would lose transient fields; the"
              + " log of the task that computed it names the class. Use checkpoint() with"
              + " serializable values.");
    }
    if (failure.contains("StackOverflowError")) {
      return Optional.of(
          "Cannot run the task: its thread's stack is full. Look for endless recursion, cut a long"
              + " lineage with checkpoint(), or raise -Xss in JAVA_TOOL_OPTIONS of function '"
              + function
              + "'.");
    }
    if (isArrayTooLong(failure)) {
      return Optional.empty(); // no memory would be enough, and the error says so
    }
    if (failure.contains("SparkOutOfMemoryError") || failure.contains("OutOfMemoryError")) {
      return Optional.of(outOfMemory());
    }
    return missingClass(failure);
  }

  /**
   * The remedy for a class that no jar has. Of a lambda function whose class is missing, Java says
   * only that a field cannot hold its serialized form.
   */
  private static Optional<String> missingClass(String failure) {
    Matcher named = MISSING_CLASS.matcher(failure);
    if (named.find()) {
      return Optional.of(
          noJarHas("class " + named.group(1).replace('/', '.').replaceFirst("[.;]$", "")));
    }
    return failure.contains("cannot assign instance of java.lang.invoke.SerializedLambda")
        ? Optional.of(noJarHas("the class of a lambda function"))
        : Optional.empty();
  }

  private static String noJarHas(String missing) {
    return "Cannot load "
        + missing
        + " in the worker: neither the function nor a jar of the session has it. Name its jar in"
        + " spark.jars, or start the program with letsdata submit or spark-submit, which do so.";
  }

  /** Whether the JVM refused an array for its length, whatever the heap (HotSpot, 17). */
  static boolean isArrayTooLong(String failure) {
    return failure.contains("OutOfMemoryError: Requested array size exceeds VM limit");
  }

  /** The remedy for a heap that is full. */
  String outOfMemory() {
    return String.format(
        Locale.ROOT,
        "Cannot hold the task's data: the heap of %d MB is full. Raise MemorySize of function '%s'"
            + " (now %s MB), or use more and smaller partitions.",
        Runtime.getRuntime().maxMemory() >> 20,
        function,
        memory);
  }

  /**
   * The serialized reason of a failed task with the remedy before it; the same bytes when there is
   * none. Runs code of the user's exceptions, and never throws: the task's thread calls it, and an
   * error there would end the process.
   *
   * @param unreadBlock finds the block that could not be read, by the text of the failure
   */
  byte[] explain(
      byte[] reason,
      Function<String, Optional<String>> unreadBlock,
      SerializerInstance serializer,
      ClassLoader loader) {
    try {
      Object failed = serializer.deserialize(ByteBuffer.wrap(reason), loader, ANY);
      return failed instanceof ExceptionFailure failure
          ? explain(failure, reason, unreadBlock, serializer)
          : reason;
    } catch (Throwable e) { // Scala declares none of its checked exceptions
      LOG.warn("Cannot explain why a task failed; the driver reads the reason as it is", e);
      return reason;
    }
  }

  private byte[] explain(
      ExceptionFailure failure,
      byte[] reason,
      Function<String, Optional<String>> unreadBlock,
      SerializerInstance serializer) {
    String text = failure.toErrorString();
    Optional<String> remedy = remedy(text).or(() -> unreadBlock.apply(text));
    if (remedy.isEmpty()) {
      return reason;
    }
    try {
      return bytes(serializer, with(remedy.get(), failure, failure.copy$default$5()));
    } catch (Throwable e) { // the exception cannot be serialized again, as Executor.run expects
      return bytes(serializer, with(remedy.get(), failure, Option.empty()));
    }
  }

  private static ExceptionFailure with(
      String remedy, ExceptionFailure failure, Option<ThrowableSerializationWrapper> exception) {
    return failure.copy(
        failure.className(),
        remedy + " " + failure.description(),
        failure.stackTrace(),
        remedy + System.lineSeparator() + failure.fullStackTrace(),
        exception,
        failure.accumUpdates(),
        // Those that were read cannot be serialized again (AccumulatorV2.writeReplace, 3.5.9).
        JavaConverters.asScalaBuffer(List.<AccumulatorV2<?, ?>>of()),
        failure.metricPeaks());
  }

  private static byte[] bytes(SerializerInstance serializer, ExceptionFailure failure) {
    ByteBuffer bytes = serializer.serialize(failure, ANY);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}

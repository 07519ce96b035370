// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskResultLost$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

final class FailureAdviceTest {
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private final FailureAdvice advice = new FailureAdvice("worker", "2048", 512);
  private final SerializerInstance serializer =
      new JavaSerializer(new SparkConf(false)).newInstance();

  private byte[] failure(Exception exception) {
    return bytes(
        new ExceptionFailure(
            exception, JavaConverters.asScalaBuffer(List.<AccumulableInfo>of()).toSeq()));
  }

  private byte[] bytes(Object reason) {
    ByteBuffer buffer = serializer.serialize(reason, ANY);
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private Object explained(byte[] reason) {
    ClassLoader loader = FailureAdviceTest.class.getClassLoader();
    return serializer.deserialize(
        ByteBuffer.wrap(advice.explain(reason, FailureAdviceTest::unreadBlock, serializer, loader)),
        loader,
        ANY);
  }

  @Test
  void fullDiskNamesTheFunctionAndTheSettingToRaise() {
    assertThat(advice.remedy("java.io.IOException: No space left on device"))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy)
                    .startsWith("Cannot write to /tmp: it is full (512 MB).")
                    .contains("Raise EphemeralStorage of function 'worker'"));
  }

  @Test
  void fullHeapNamesTheMemorySize() {
    assertThat(advice.remedy("org.apache.spark.memory.SparkOutOfMemoryError: no"))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy).contains("Raise MemorySize of function 'worker' (now 2048 MB)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.ClassNotFoundException: com.example.My$Job   | class com.example.My$Job
          Caused by: java.lang.NoClassDefFoundError: org/a/Driver | class org.a.Driver
          java.lang.RuntimeException: java.lang.ClassNotFoundException: Class org.a.Fs not found | class org.a.Fs
          java.lang.ClassCastException: cannot assign instance of java.lang.invoke.SerializedLambda to field org.apache.spark.api.java.JavaPairRDD$.fun | the class of a lambda function
          """)
  void classThatNoJarHasIsNamedWithTheSettingThatShipsIt(String failure, String missing) {
    assertThat(advice.remedy(failure + "\n\tat java.base/x.y(z.java:1)"))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy)
                    .startsWith("Cannot load " + missing + " in the worker: neither the function")
                    .contains("Name its jar in spark.jars"));
  }

  @Test
  void classThatIsThereAndCannotBeInitializedHasNoRemedy() {
    assertThat(
            advice.remedy(
                "java.lang.NoClassDefFoundError: Could not initialize class com.example.A"))
        .isEmpty();
  }

  @Test
  void fullStackNamesTheFlagToRaise() {
    assertThat(advice.remedy("java.lang.StackOverflowError\n at X"))
        .hasValueSatisfying(
            remedy ->
                assertThat(remedy)
                    .contains("raise -Xss in JAVA_TOOL_OPTIONS of function 'worker'"));
  }

  @Test
  void arrayThatNoHeapCanHoldHasNoRemedyOfMemory() {
    assertThat(
            advice.remedy("java.lang.OutOfMemoryError: Requested array size exceeds VM limit\n at"))
        .isEmpty();
  }

  @Test
  void onlyErrorsThatLeaveTheProcessIntactDoNotEndIt() {
    assertThat(DriverlessEnv.leavesTheProcessIntact(new StackOverflowError())).isTrue();
    assertThat(
            DriverlessEnv.leavesTheProcessIntact(
                new IllegalStateException(new StackOverflowError())))
        .isTrue();
    assertThat(
            DriverlessEnv.leavesTheProcessIntact(
                new OutOfMemoryError("Requested array size exceeds VM limit")))
        .isTrue();
    assertThat(DriverlessEnv.leavesTheProcessIntact(new OutOfMemoryError("Java heap space")))
        .isFalse();
    assertThat(DriverlessEnv.leavesTheProcessIntact(new InternalError())).isFalse();
  }

  @Test
  void otherFailureHasNoRemedy() {
    assertThat(advice.remedy("java.lang.ArithmeticException: / by zero")).isEmpty();
  }

  @Test
  void remedyIsBeforeTheDescriptionOfTheFailure() {
    Object reason = explained(failure(new IOException("No space left on device")));

    assertThat(reason).isInstanceOf(ExceptionFailure.class);
    assertThat(((ExceptionFailure) reason).description())
        .startsWith("Cannot write to /tmp")
        .endsWith("No space left on device");
    assertThat(((ExceptionFailure) reason).className()).isEqualTo("java.io.IOException");
  }

  @Test
  void failureWithoutARemedyKeepsItsBytes() {
    byte[] reason = failure(new ArithmeticException("/ by zero"));

    assertThat(
            advice.explain(
                reason, FailureAdviceTest::unreadBlock, serializer, getClass().getClassLoader()))
        .isSameAs(reason);
  }

  @Test
  void reasonThatIsNoExceptionKeepsItsBytes() {
    byte[] reason = bytes(TaskResultLost$.MODULE$);

    assertThat(
            advice.explain(
                reason, FailureAdviceTest::unreadBlock, serializer, getClass().getClassLoader()))
        .isSameAs(reason);
  }

  @Test
  void unreadableReasonKeepsItsBytes() {
    byte[] reason = {1, 2, 3};

    assertThat(
            advice.explain(
                reason, FailureAdviceTest::unreadBlock, serializer, getClass().getClassLoader()))
        .isSameAs(reason);
  }

  @Test
  void unreadBlockIsNamedWithItsReason() {
    Object reason = explained(failure(new IOException("Failed to get broadcast_1_piece0 of x")));

    assertThat(((ExceptionFailure) reason).description())
        .startsWith("Cannot use s3://b/piece: replaced. Failed to get");
  }

  @Test
  void remedyIsThereThoughTheExceptionCannotBeSerializedAgain() {
    Object reason = explained(failure(new OnceSerializable("No space left on device")));

    assertThat(reason).isInstanceOf(ExceptionFailure.class);
    assertThat(((ExceptionFailure) reason).description()).startsWith("Cannot write to /tmp");
    assertThat(((ExceptionFailure) reason).exception().isEmpty()).isTrue();
  }

  @Test
  void exceptionWhoseClassCannotBeUsedKeepsItsBytes() {
    byte[] reason = failure(new Unreadable("No space left on device"));

    assertThat(
            advice.explain(
                reason, FailureAdviceTest::unreadBlock, serializer, getClass().getClassLoader()))
        .isSameAs(reason);
  }

  /** An exception that has no serialized form once it has been read. */
  private static final class OnceSerializable extends IOException {
    private static final long serialVersionUID = 1;

    private transient boolean read;

    OnceSerializable(String message) {
      super(message);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      read = true;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (read) {
        throw new NotSerializableException("planted");
      }
      out.defaultWriteObject();
    }
  }

  /** An exception whose class lacks another one. */
  private static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }

    private void readObject(ObjectInputStream in) {
      throw new NoClassDefFoundError("planted");
    }
  }

  private static Optional<String> unreadBlock(String failure) {
    return failure.contains("broadcast_1_piece0")
        ? Optional.of("Cannot use s3://b/piece: replaced.")
        : Optional.empty();
  }
}

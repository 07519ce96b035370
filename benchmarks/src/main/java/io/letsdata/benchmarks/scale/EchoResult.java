// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.scale;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.DirectTaskResult;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.collection.immutable.Nil$;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/** The report of an executor on a task that does nothing. */
final class EchoResult {
  private EchoResult() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // Scala's Nil is a Seq of anything
  static byte[] bytes() {
    SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();
    ByteBuffer unit = serializer.serialize(BoxedUnit.UNIT, ClassTag$.MODULE$.Any());
    Object result = new DirectTaskResult(unit, (scala.collection.Seq) Nil$.MODULE$, new long[0]);
    ByteBuffer bytes = serializer.serialize(result, ClassTag$.MODULE$.Any());
    byte[] data = new byte[bytes.remaining()];
    bytes.get(data);
    return data;
  }
}

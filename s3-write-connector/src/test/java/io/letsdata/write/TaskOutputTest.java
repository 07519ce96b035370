// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.PartEtag;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag$;

final class TaskOutputTest {
  private static final ObjectLocation LOCATION = ObjectLocation.parse("s3://b/out/part-0");

  @ParameterizedTest
  @ValueSource(strings = {"java", "kryo"})
  void messageSurvivesBothSerializersOfSpark(String name) {
    SparkConf conf = new SparkConf(false);
    Serializer serializer =
        name.equals("kryo") ? new KryoSerializer(conf) : new JavaSerializer(conf);
    TaskOutput output =
        new TaskOutput(
            3,
            List.of(
                new WrittenObject(LOCATION, 10, "etag", 2),
                new PendingObject(
                    new MultipartHandle(LOCATION, "upload", List.of(new PartEtag(1, "e"))), 9, 1)));

    ByteBuffer bytes =
        serializer.newInstance().serialize(output.message(), ClassTag$.MODULE$.Any());
    Object read = serializer.newInstance().deserialize(bytes, ClassTag$.MODULE$.Any());

    assertThat(TaskOutput.of((WriterCommitMessage) read)).isEqualTo(output);
  }
}

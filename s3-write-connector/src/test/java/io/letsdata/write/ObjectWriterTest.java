// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.fixtures.store.HookedObjectStore;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.spark.RowEncoder;
import io.letsdata.write.spark.RowEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.junit.jupiter.api.Test;

class ObjectWriterTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore("b");
  private final HookedObjectStore store = new HookedObjectStore(memory);

  /** One line a row; a row that holds a negative number fails. */
  private static final class Lines implements RowEncoding {
    private static final long serialVersionUID = 1L;

    @Override
    public String extension() {
      return "txt";
    }

    @Override
    public RowEncoder open(OutputStream stream, int partition, long taskId) {
      return new RowEncoder() {
        @Override
        public void write(InternalRow row) throws IOException {
          if (row.getInt(0) < 0) {
            throw new IOException("planted");
          }
          stream.write((row.getInt(0) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }
  }

  private static ObjectWriterFactory factory(ObjectStore store, long maxRows) {
    return new ObjectWriterFactory(
        () -> store, OutputLayout.of("s3://b/out"), Layout.MANIFEST, new Lines(), maxRows);
  }

  private static InternalRow row(int value) {
    return new GenericInternalRow(new Object[] {value});
  }

  @Test
  void partitionIsOneObjectAndOnePut() throws IOException {
    DataWriter<InternalRow> writer = factory(store, Long.MAX_VALUE).createWriter(3, 9);
    writer.write(row(1));
    writer.write(row(2));
    TaskOutput output = TaskOutput.of(writer.commit());
    writer.close();

    assertThat(store.requests()).containsExactly("PUT");
    assertThat(output.partition()).isEqualTo(3);
    TaskObject object = output.objects().get(0);
    assertThat(object.rows()).isEqualTo(2);
    assertThat(object.location().key()).startsWith("out/data/00003-9-").endsWith(".txt");
    assertThat(memory.readUtf8(object.location())).isEqualTo("1\n2\n");
  }

  @Test
  void emptyPartitionStoresNothing() throws IOException {
    DataWriter<InternalRow> writer = factory(store, Long.MAX_VALUE).createWriter(0, 0);
    TaskOutput output = TaskOutput.of(writer.commit());
    writer.close();

    assertThat(output.objects()).isEmpty();
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void rowLimitBeginsAnotherObject() throws IOException {
    DataWriter<InternalRow> writer = factory(store, 2).createWriter(0, 0);
    for (int i = 0; i < 5; i++) {
      writer.write(row(i));
    }
    TaskOutput output = TaskOutput.of(writer.commit());

    assertThat(output.objects()).extracting(TaskObject::rows).containsExactly(2L, 2L, 1L);
    assertThat(memory.keys("b")).hasSize(3);
  }

  @Test
  void twoInvocationsOfOneAttemptUseDifferentKeys() throws IOException {
    ObjectWriterFactory factory = factory(store, Long.MAX_VALUE);
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      DataWriter<InternalRow> writer = factory.createWriter(0, 5);
      writer.write(row(i));
      keys.add(TaskOutput.of(writer.commit()).objects().get(0).location().key());
    }

    assertThat(keys).hasSize(100);
  }

  @Test
  void abortDeletesEverythingTheWriterStored() throws IOException {
    DataWriter<InternalRow> writer = factory(store, 1).createWriter(0, 0);
    writer.write(row(1));
    writer.write(row(2));
    assertThatThrownBy(() -> writer.write(row(-1))).isInstanceOf(IOException.class);

    writer.abort();
    writer.close();

    assertThat(memory.keys("b")).isEmpty();
  }

  @Test
  void abortAfterCommitDeletesNothing() throws IOException {
    DataWriter<InternalRow> writer = factory(store, 1).createWriter(0, 0);
    writer.write(row(1));
    writer.commit();

    writer.abort();
    writer.close();

    assertThat(memory.keys("b")).hasSize(1);
  }
}

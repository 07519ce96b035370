// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * The objects of one task attempt, which travel from the task to the driver as a {@link #message}.
 * Immutable.
 *
 * @param partition index of the task within the write stage, from 0
 * @param objects in the order of the partition's rows; empty when the partition had no rows
 */
record TaskOutput(int partition, List<TaskObject> objects) implements Serializable {
  private static final long serialVersionUID = 1L;

  TaskOutput {
    if (partition < 0) {
      throw new IllegalArgumentException("partition is " + partition);
    }
    objects = List.copyOf(objects);
  }

  /** A commit message with the bytes of an output; no record, see {@link #message}. */
  private static final class Encoded implements WriterCommitMessage {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    Encoded(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * The commit message of the task. The session's serializer writes it, and Kryo 4 cannot write
   * records.
   */
  WriterCommitMessage message() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Encoded(bytes.toByteArray());
  }

  /**
   * The output of a commit message.
   *
   * @throws ClassCastException when another writer made the message
   */
  static TaskOutput of(WriterCommitMessage message) {
    byte[] encoded = ((Encoded) message).bytes;
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(encoded))) {
      return (TaskOutput) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}

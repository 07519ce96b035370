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

  /** A commit message with the bytes of an output; always a function, see {@link #message}. */
  private interface Encoded extends WriterCommitMessage {
    byte[] bytes();
  }

  /**
   * The commit message of the task. The session's serializer writes it. Kryo 4 cannot write
   * records, and with {@code spark.kryo.registrationRequired} no class of ours, since the driver
   * makes its serializer before any code of ours runs; but it writes functions and arrays of bytes
   * (chill's Java8ClosureRegistrar).
   */
  WriterCommitMessage message() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] encoded = bytes.toByteArray();
    return (Encoded) () -> encoded;
  }

  /**
   * The output of a commit message.
   *
   * @throws ClassCastException when another writer made the message
   */
  static TaskOutput of(WriterCommitMessage message) {
    byte[] encoded = ((Encoded) message).bytes();
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(encoded))) {
      return (TaskOutput) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import io.letsdata.shuffle.spark.context.Rethrow;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;

/**
 * Makes a megabyte of each pair of integers: the key and zeros, which it verifies when it reads
 * them. Lets a job shuffle gigabytes out of nothing.
 */
final class BulkSerializer extends Serializer implements java.io.Serializable {
  static final int RECORD_BYTES = 1 << 20;
  private static final int ZEROS = RECORD_BYTES - Integer.BYTES;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream target) {
      return new Writer(target);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream source) {
      return new Reader(source);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Writer extends SerializationStream {
    private final DataOutputStream target;
    private final byte[] zeros = new byte[ZEROS];

    Writer(OutputStream target) {
      this.target = new DataOutputStream(target);
    }

    @Override
    public <T> SerializationStream writeKey(T key, ClassTag<T> tag) {
      try {
        target.writeInt((Integer) key);
        target.write(zeros);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    @Override
    public <T> SerializationStream writeValue(T value, ClassTag<T> tag) {
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
      try {
        target.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        target.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reader extends DeserializationStream {
    private final DataInputStream source;
    private final byte[] zeros = new byte[ZEROS];
    private final byte[] bytes = new byte[ZEROS];

    Reader(InputStream source) {
      this.source = new DataInputStream(source);
    }

    @Override
    @SuppressWarnings("unchecked") // keys are integers
    public <T> T readKey(ClassTag<T> tag) {
      try {
        Integer key = source.readInt();
        source.readFully(bytes);
        if (!Arrays.equals(bytes, zeros)) {
          throw new IllegalStateException("not what was written for key " + key);
        }
        return (T) key;
      } catch (EOFException e) {
        throw Rethrow.raise(e); // how Spark knows the end
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // values are integers
    public <T> T readValue(ClassTag<T> tag) {
      return (T) Integer.valueOf(1);
    }

    @Override
    public <T> T readObject(ClassTag<T> tag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      try {
        source.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

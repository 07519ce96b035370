// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import io.letsdata.options.Options;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tests run inside workers. Apart from the test classes, whose static parts must not start
 * in a worker.
 */
public final class Tasks {
  private Tasks() {}

  /** Replaces the name of a session's file by its content. */
  public static Function<String, String> contentOfFile() {
    return name -> Files.readString(Path.of(SparkFiles.get(name)));
  }

  /** Replaces each element by the length of the broadcast, counting elements. */
  public static Function<Integer, Integer> lengthOf(
      Broadcast<byte[]> broadcast, LongAccumulator rows) {
    return element -> {
      rows.add(1);
      return broadcast.value().length;
    };
  }

  /** Passes elements on, counting them. */
  public static Function<Integer, Integer> counting(LongAccumulator rows) {
    return element -> {
      rows.add(1);
      return element;
    };
  }

  /** Passes a partition on. */
  public static scala.Function1<
          scala.collection.Iterator<Integer>, scala.collection.Iterator<Integer>>
      asTheyAre() {
    return (scala.Function1<scala.collection.Iterator<Integer>, scala.collection.Iterator<Integer>>
            & java.io.Serializable)
        rows -> rows;
  }

  /** Replaces each element by the id of the process that runs. */
  public static Function<Integer, Long> pid() {
    return element -> ProcessHandle.current().pid();
  }

  /**
   * Passes rows on and kills the process in the middle of the partition, on the first attempt only.
   */
  public static MapPartitionsFunction<Long, Long> dieOnce(int partition, long afterRows) {
    return rows ->
        watched(
            rows,
            row -> {
              TaskContext task = TaskContext.get();
              boolean here = task.partitionId() == partition && task.attemptNumber() == 0;
              if (here && row == afterRows) {
                Runtime.getRuntime().halt(137);
              }
            });
  }

  /** Passes rows on, but takes its time before the last. */
  public static MapPartitionsFunction<Long, Long> slowly(long millis) {
    return rows ->
        watched(
            rows,
            row -> {
              if (row == 0) {
                pause(millis);
              }
            });
  }

  /**
   * Of two runs of one attempt, the one that comes first passes; the other is a zombie, which waits
   * until {@code released} exists.
   */
  public static MapPartitionsFunction<Long, Long> zombie(
      Map<String, String> store, String bucket, int partition) {
    Map<String, String> properties = new HashMap<>(store);
    return rows ->
        watched(
            rows,
            row -> {
              if (row == 0 && TaskContext.get().partitionId() == partition) {
                ObjectStore objects =
                    SharedStores.get(StoreSettings.from(Options.ofSession(properties)));
                waitUnlessFirst(objects, bucket);
              }
            });
  }

  public static ObjectLocation first(String bucket) {
    return new ObjectLocation(bucket, "zombie/first-" + bucket);
  }

  public static ObjectLocation released(String bucket) {
    return new ObjectLocation(bucket, "zombie/released");
  }

  private static void waitUnlessFirst(ObjectStore objects, String bucket) {
    try {
      if (!objects.putIfAbsent(first(bucket), ObjectContent.ofUtf8("first"))) {
        while (objects.stat(released(bucket)).isEmpty()) {
          pause(100);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Calls {@code before} with the number of each row before it is passed on. */
  private static Iterator<Long> watched(Iterator<Long> rows, LongConsumer before) {
    return new Iterator<>() {
      private long row;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Long next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        before.accept(row++);
        return rows.next();
      }
    };
  }
}

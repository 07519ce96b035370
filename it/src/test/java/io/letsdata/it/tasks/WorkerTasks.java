// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.TimeZone;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** What tests of workers run inside them. */
public final class WorkerTasks {
  /** A setting of the JVM that a worker does not reset. */
  private static final String KEPT = "it.left";

  private WorkerTasks() {}

  /** What a task sees of its application, by name. */
  public static Function<Integer, List<String>> surroundings(
      String application, Broadcast<String> broadcast) {
    return element ->
        List.of(
            "pid " + ProcessHandle.current().pid(),
            "file " + Files.readString(Path.of(SparkFiles.get("same.txt"))).strip(),
            "broadcast " + broadcast.value(),
            "property " + TaskContext.get().getLocalProperty("it.property"),
            "file system " + fileSystemSettings(application),
            "greeting " + greeting(),
            "left " + leftovers(),
            "kept " + Security.getProperty(KEPT),
            "changed " + changes());
  }

  // With settings of its own: a cached file system would have those of whoever came first.
  private static String fileSystemSettings(String application) {
    Configuration conf = new Configuration();
    conf.set("it.application", application);
    try {
      return FileSystem.get(URI.create("file:///"), conf).getConf().get("it.application");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String greeting() {
    try {
      Class<?> user =
          Class.forName("user.Greeting", true, Thread.currentThread().getContextClassLoader());
      return String.valueOf(user.getMethod("text").invoke(null));
    } catch (ReflectiveOperationException e) {
      return e.toString();
    }
  }

  /** Names of what earlier tasks left, then leaves something. */
  private static List<String> leftovers() {
    File folder = new File(System.getProperty("java.io.tmpdir"));
    List<String> found =
        Arrays.stream(Objects.requireNonNull(folder.list()))
            .filter(name -> name.contains("left-by-"))
            .sorted()
            .toList();
    try {
      for (String name : List.of("left-by-a-task", "spark-left-by-a-task", "left-by-a-task.so")) {
        Path unused = Files.writeString(folder.toPath().resolve(name), "secret");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** A bean that a task registers. */
  public interface LeftMXBean {
    /** Any value. */
    int value();
  }

  /** Its implementation, a class of the application's jar. */
  public static final class Left implements LeftMXBean {
    @Override
    public int value() {
      return 1;
    }
  }

  /** The defaults of the process, as earlier tasks left them; then changes them. */
  private static List<String> changes() {
    try {
      ObjectName bean = new ObjectName("it:type=Left");
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      List<String> found =
          List.of(
              TimeZone.getDefault().getID(),
              Locale.getDefault().toString(),
              String.valueOf(System.getProperty("it.left")),
              String.valueOf(server.isRegistered(bean)));
      Security.setProperty(KEPT, "left");
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Locale.setDefault(Locale.JAPAN);
      System.setProperty("it.left", "left");
      server.registerMBean(new Left(), bean);
      return found;
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Pairs each element, modulo two, with the name. */
  public static PairFunction<Integer, Integer, String> named(String name) {
    return element -> new Tuple2<>(element % 2, name);
  }

  /** One text after the other. */
  public static Function2<String, String, String> joined() {
    return (a, b) -> a + b;
  }

  /** Pairs of a random key and a value of 1 KB that does not compress. */
  public static PairFlatMapFunction<Iterator<Integer>, Long, byte[]> randomPairs(int pairs) {
    return partition -> {
      Random random = new Random(TaskContext.getPartitionId());
      Iterator<Integer> numbers = java.util.stream.IntStream.range(0, pairs).iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return numbers.hasNext();
        }

        @Override
        public Tuple2<Long, byte[]> next() {
          int unused = numbers.next();
          byte[] value = new byte[1024];
          random.nextBytes(value);
          return new Tuple2<>(random.nextLong(), value);
        }
      };
    };
  }

  /** Counts pairs; fails when they are not sorted. */
  public static Function2<Integer, Iterator<Tuple2<Long, byte[]>>, Iterator<Long>> countSorted() {
    return (partition, pairs) -> {
      long count = 0;
      long last = Long.MIN_VALUE;
      while (pairs.hasNext()) {
        long key = pairs.next()._1;
        if (key < last) {
          throw new IllegalStateException("not sorted: " + key + " after " + last);
        }
        last = key;
        count++;
      }
      return List.of(count).iterator();
    };
  }

  /** Replaces each element by the broadcast's length and the worker's process. */
  public static Function<Integer, Tuple2<Integer, Long>> lengthAndPid(Broadcast<byte[]> broadcast) {
    return element -> new Tuple2<>(broadcast.value().length, ProcessHandle.current().pid());
  }

  /** Loads a library of the JDK that the JDK itself does not load here. */
  private static final class Library {
    static {
      System.load(Path.of(System.getProperty("java.home"), "lib", "libprefs.so").toString());
    }

    static Integer pass(Integer element) {
      return element;
    }
  }

  /** The element, after a native library was loaded by a class of the user's jar. */
  public static Function<Integer, Integer> loadedLibrary() {
    return Library::pass;
  }

  /** Fails as a write to a full disk does. */
  public static Function<Integer, Integer> fullDisk() {
    return element -> {
      Files.write(Path.of("/dev/full"), new byte[8192]); // the kernel's own word
      return element;
    };
  }

  /** Takes more memory than the heap has. */
  public static Function<Integer, Integer> takeAllMemory() {
    return element -> {
      List<long[]> held = new ArrayList<>();
      while (held.add(new long[8 << 20])) {
        held.get(0)[0] = held.size();
      }
      return held.size();
    };
  }

  /** Adds its own size to the task: the closure holds {@code bytes}. */
  public static Function<Integer, Integer> heavy(byte[] bytes) {
    return element -> bytes.length + element;
  }
}

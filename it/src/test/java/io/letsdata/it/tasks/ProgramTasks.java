// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.io.Text;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/** What the tests of ordinary programs run inside workers, and the classes that they ship. */
public final class ProgramTasks {
  private ProgramTasks() {}

  /** A value whose only reference to a broadcast is inside another broadcast. */
  public record Holder(Broadcast<int[]> inner) implements Serializable {}

  /** A value that Java cannot serialize and Kryo can. */
  public static final class OnlyKryo {
    public final String name;

    public OnlyKryo(String name) {
      this.name = name;
    }
  }

  /** A value that no serializer of Java can write. */
  public static final class NotSerializable {
    public final int value;

    NotSerializable(int value) {
      this.value = value;
    }
  }

  /** A value that comes back from its serialized form without its score. */
  public static final class Scored implements Serializable {
    private static final long serialVersionUID = 1;

    public final int id;
    public final transient int score;

    Scored(int id) {
      this.id = id;
      this.score = id * 10;
    }
  }

  /** Registers {@link OnlyKryo}; counts in which process it was made by being there. */
  public static final class Registrator implements KryoRegistrator {
    @Override
    public void registerClasses(Kryo kryo) {
      kryo.register(OnlyKryo.class, new OnlyKryoSerializer());
      kryo.register(OnlyKryo[].class);
      kryo.register(Object[].class);
    }
  }

  private static final class OnlyKryoSerializer extends Serializer<OnlyKryo> {
    @Override
    public void write(Kryo kryo, Output output, OnlyKryo value) {
      output.writeString(value.name);
    }

    @Override
    public OnlyKryo read(Kryo kryo, Input input, Class<OnlyKryo> type) {
      return new OnlyKryo(input.readString());
    }
  }

  /** A plugin with both sides; the executor's counts tasks and can be made to ask the driver. */
  public static final class Plugin implements SparkPlugin {
    static final AtomicLong STARTED = new AtomicLong();
    static final AtomicReference<PluginContext> EXECUTOR = new AtomicReference<>();
    static volatile Map<String, String> settings = Map.of();

    @Override
    public DriverPlugin driverPlugin() {
      return new DriverPlugin() {
        @Override
        public Map<String, String> init(
            org.apache.spark.SparkContext context, PluginContext plugin) {
          return Map.of("greeting", "from the driver");
        }
      };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
      return new ExecutorPlugin() {
        @Override
        public void init(PluginContext context, Map<String, String> extra) {
          EXECUTOR.set(context);
          settings = Map.copyOf(extra);
        }

        @Override
        public void onTaskStart() {
          STARTED.incrementAndGet();
        }
      };
    }
  }

  /** What the executor's side of the plugin knows: greeting, and whether it saw this task. */
  public static Function<Integer, String> pluginState() {
    return element -> Plugin.settings.get("greeting") + " " + (Plugin.STARTED.get() > 0);
  }

  public static Function<Integer, String> askTheDriver() {
    return element -> String.valueOf(Objects.requireNonNull(Plugin.EXECUTOR.get()).ask("anything"));
  }

  public static Function<String, OnlyKryo> onlyKryo() {
    return OnlyKryo::new;
  }

  public static Function<OnlyKryo, String> nameOf() {
    return value -> value.name;
  }

  public static Function<Integer, Integer> plusOne() {
    return element -> element + 1;
  }

  /** Calls itself until no stack is left. */
  public static Function<Integer, Integer> withoutEnd() {
    return ProgramTasks::deeper;
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack is full
  private static int deeper(int level) {
    return 1 + deeper(level + 1);
  }

  /** The number of bytes of a text in the charset of the JVM, which user code often means. */
  @SuppressWarnings("DefaultCharset")
  public static Function<String, Integer> lengthInBytes() {
    return text -> text.getBytes().length;
  }

  /** The value of a local property, and of a setting of the application. */
  public static Function<Integer, String> propertyAndSetting(String property, String setting) {
    return element ->
        TaskContext.get().getLocalProperty(property) + " " + SparkEnv.get().conf().get(setting);
  }

  public static Function<Integer, NotSerializable> notSerializable() {
    return NotSerializable::new;
  }

  public static Function<NotSerializable, Integer> valueOf() {
    return object -> object.value;
  }

  public static Function<Integer, Scored> scored() {
    return Scored::new;
  }

  public static Function<Scored, Integer> scoreOf() {
    return object -> object.score;
  }

  public static Function<Broadcast<int[]>, Integer> firstOf() {
    return broadcast -> broadcast.value()[0];
  }

  public static Function<Integer, Integer> sumThrough(Broadcast<Holder> outer) {
    return element -> element + outer.value().inner().value()[0];
  }

  public static Function<Integer, String> nameThrough(Broadcast<OnlyKryo> broadcast) {
    return element -> broadcast.value().name;
  }

  /** Counts, then fails the first attempt of each partition. */
  public static Function<Integer, Integer> countThenFailOnce(LongAccumulator rows) {
    return element -> {
      rows.add(1);
      if (TaskContext.get().attemptNumber() == 0) {
        throw new IllegalStateException("first attempt");
      }
      return element;
    };
  }

  /** An element becomes an array of this many bytes. */
  public static Function<Integer, byte[]> bytes(int length) {
    return element -> new byte[length];
  }

  public static FlatMapFunction<Iterator<Integer>, Long> taskCpus() {
    return rows -> List.of((long) TaskContext.get().cpus()).iterator();
  }

  /** Calls a static method without arguments of a class that only an added jar holds. */
  public static Function<String, String> callByName() {
    return name ->
        (String)
            Class.forName(name, true, Thread.currentThread().getContextClassLoader())
                .getMethod("hello")
                .invoke(null);
  }

  public static UDF1<Long, Long> triple() {
    return value -> 3 * value;
  }

  public static MapFunction<Long, String> words() {
    return value -> "w" + value % 5;
  }

  /** Runs until it is interrupted or killed. */
  public static Function<Integer, Integer> endless() {
    return element -> {
      while (!TaskContext.get().isInterrupted()) {
        Thread.sleep(50);
      }
      throw new org.apache.spark.TaskKilledException("killed");
    };
  }

  public static Function<Integer, Integer> modulo(int divisor) {
    return element -> element % divisor;
  }

  public static Function<Integer, Integer> negative() {
    return element -> -element;
  }

  public static Function<scala.Tuple2<Integer, Long>, Long> second() {
    return pair -> pair._2();
  }

  public static Function<Iterable<Integer>, Integer> count() {
    return elements -> {
      int count = 0;
      for (var unused : elements) {
        count++;
      }
      return count;
    };
  }

  public static org.apache.spark.api.java.function.Function2<Integer, Integer, Integer> sum() {
    return (a, b) -> a + b;
  }

  /** Holds the first attempt of partition 0 until it is killed. */
  public static Function<Integer, Integer> straggleOnce() {
    return element -> {
      TaskContext task = TaskContext.get();
      boolean straggler = task.partitionId() == 0 && task.attemptNumber() == 0;
      return straggler ? endless().call(element) : element;
    };
  }

  /** Makes a pair that Hadoop can write. */
  public static PairFunction<Integer, Text, Text> textPair() {
    return element -> new Tuple2<>(new Text("key"), new Text(String.valueOf(element)));
  }
}

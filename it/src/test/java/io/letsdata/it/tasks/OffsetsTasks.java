// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.tasks;

import io.letsdata.options.Options;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.SharedStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** What tests of lost offsets run inside workers. */
public final class OffsetsTasks {
  private OffsetsTasks() {}

  public static JavaPairRDD<Integer, String> shuffled(
      JavaSparkContext spark, List<Integer> numbers, int maps, int partitions) {
    return spark
        .parallelize(numbers, maps)
        .mapToPair(i -> new Tuple2<>(i, "value " + i))
        .partitionBy(new HashPartitioner(partitions));
  }

  /**
   * The keys, by one task whose first run deletes the offsets before it asks for any of them.
   *
   * @param prefix of the application's keys
   */
  public static List<Integer> keysOnceTheOffsetsAreGone(
      JavaSparkContext spark,
      JavaPairRDD<Integer, String> shuffled,
      Map<String, String> store,
      String bucket,
      String prefix) {
    JavaRDD<Integer> first =
        spark
            .parallelize(List.of(-1), 1)
            .mapPartitions(
                none -> {
                  if (TaskContext.get().stageAttemptNumber() == 0) {
                    delete(store, bucket, prefix);
                  }
                  return List.<Integer>of().iterator();
                });
    // One partition after the other, and the reader of each begins when the one before has ended.
    return first.union(shuffled.keys()).coalesce(1).collect();
  }

  private static void delete(Map<String, String> properties, String bucket, String prefix)
      throws IOException {
    ObjectStore store = SharedStores.get(StoreSettings.from(Options.ofSession(properties)));
    List<ObjectLocation> tables = offsets(store, bucket, prefix);
    if (tables.isEmpty()) {
      throw new IllegalStateException("no offsets under " + prefix);
    }
    store.delete(tables);
  }

  /** The tables that are stored. */
  public static List<ObjectLocation> offsets(ObjectStore store, String bucket, String prefix) {
    List<ObjectLocation> tables = new ArrayList<>();
    Iterator<io.letsdata.store.ListedObject> listed = store.listAll(bucket, prefix);
    while (listed.hasNext()) {
      ObjectLocation location = listed.next().location();
      if (location.key().endsWith(".offsets")) {
        tables.add(location);
      }
    }
    return tables;
  }
}

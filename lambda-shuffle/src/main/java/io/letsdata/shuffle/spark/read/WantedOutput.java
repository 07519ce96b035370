// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.read;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.spark.context.MapLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.ShuffleBlockId;
import scala.Tuple2;
import scala.Tuple3;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * One map output that Spark's map output tracker names, with the partitions that must be there.
 *
 * @param partitions the non-empty ones in the reader's range, ascending, at least one
 */
@Internal
public record WantedOutput(MapRef map, int mapIndex, List<Integer> partitions) {
  /** In the order of the map indexes. */
  public static List<WantedOutput> from(
      Iterator<Tuple2<BlockManagerId, Seq<Tuple3<BlockId, Object, Object>>>> blocks) {
    List<WantedOutput> outputs = new ArrayList<>();
    while (blocks.hasNext()) {
      Tuple2<BlockManagerId, Seq<Tuple3<BlockId, Object, Object>>> location = blocks.next();
      List<Integer> partitions = new ArrayList<>();
      int mapIndex = -1;
      Iterator<Tuple3<BlockId, Object, Object>> each = location._2().iterator();
      while (each.hasNext()) {
        Tuple3<BlockId, Object, Object> block = each.next();
        partitions.add(((ShuffleBlockId) block._1()).reduceId());
        mapIndex = (Integer) block._3();
      }
      partitions.sort(Comparator.naturalOrder());
      outputs.add(new WantedOutput(MapLocation.parse(location._1()), mapIndex, partitions));
    }
    outputs.sort(Comparator.comparingInt(WantedOutput::mapIndex));
    return outputs;
  }
}

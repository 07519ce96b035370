// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import java.util.Map;
import scala.Tuple2;
import scala.collection.immutable.Map$;

/** Java maps as Scala's immutable ones. */
final class ScalaMaps {
  private ScalaMaps() {}

  static <K, V> scala.collection.immutable.Map<K, V> of(Map<K, V> map) {
    scala.collection.immutable.Map<K, V> result = Map$.MODULE$.<K, V>empty();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      result = result.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    }
    return result;
  }
}

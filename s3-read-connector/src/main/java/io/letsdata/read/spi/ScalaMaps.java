// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.options.Internal;
import java.util.Map;
import scala.Tuple2;
import scala.collection.immutable.Map$;

/** Java maps as the immutable Scala maps of Spark's signatures. */
@Internal
public final class ScalaMaps {
  private ScalaMaps() {}

  /** A copy of {@code map}, in its order for up to four entries. */
  public static <K, V> scala.collection.immutable.Map<K, V> of(Map<K, V> map) {
    scala.collection.immutable.Map<K, V> result = Map$.MODULE$.<K, V>empty();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      result = result.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    }
    return result;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import java.util.Map;
import scala.Predef;
import scala.collection.JavaConverters;

/** Java maps as Spark's Scala signatures want them. */
final class ScalaMaps {
  private ScalaMaps() {}

  static scala.collection.immutable.Map<String, String> of(Map<String, String> map) {
    return JavaConverters.mapAsScalaMapConverter(map).asScala().toMap(Predef.$conforms());
  }
}

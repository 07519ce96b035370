// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.SchemaText;
import io.letsdata.options.Internal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The schema that a manifest or a recovery record states, as data: no class is loaded. Pure. */
@Internal
public final class StoredSchema {
  private StoredSchema() {}

  /**
   * Parses Spark's {@code StructType.json()}.
   *
   * @throws IllegalArgumentException with the reason, without a period at its end: another text, or
   *     a user-defined type
   */
  public static StructType parse(String json) {
    String checked = SchemaText.withoutClasses(json);
    try {
      if (DataType.fromJson(checked) instanceof StructType schema) {
        return schema;
      }
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "its schema is not a schema of Spark (" + e.getMessage() + ")", e);
    }
    throw new IllegalArgumentException("its schema is not a struct");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.spark.stats.ObjectFacts;
import io.letsdata.read.spark.stats.StatedStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Knowledge about objects from keys and the manifest: a column of the keys has one value in all
 * rows of an object. Immutable.
 */
record ReadFacts(KeyColumns keys, StatedStatistics statistics) {

  ObjectFacts of(ManifestEntry file) {
    ObjectFacts stated = statistics.of(file);
    return new ObjectFacts() {
      @Override
      public OptionalLong rows() {
        return stated.rows();
      }

      @Override
      public Optional<ColumnFacts> column(String name) {
        Optional<StructField> ofKey = keys.column(name);
        return ofKey.isPresent()
            ? constant(keys.valuesOf(file, new StructType().add(ofKey.get())), ofKey.get(), rows())
            : stated.column(name);
      }
    };
  }

  @SuppressWarnings("unchecked") // all of them compare with their own class
  private static Optional<ObjectFacts.ColumnFacts> constant(
      InternalRow key, StructField column, OptionalLong rows) {
    if (column.dataType() instanceof DoubleType || column.dataType() instanceof FloatType) {
      return Optional.empty(); // not each value is equal to itself
    }
    @Nullable Object value = key.get(0, column.dataType());
    Optional<Comparable<Object>> bound =
        value instanceof Comparable<?> ? Optional.of((Comparable<Object>) value) : Optional.empty();
    return Optional.of(
        new ObjectFacts.ColumnFacts(value == null ? rows : OptionalLong.of(0), bound, bound));
  }
}

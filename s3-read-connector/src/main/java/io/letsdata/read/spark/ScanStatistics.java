// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.read.spark.stats.ObjectFacts.ColumnFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;
import org.apache.spark.sql.types.StructType;

/** Statistics of columns for Spark's optimizer, from those of the objects. Pure. */
final class ScanStatistics {
  private ScanStatistics() {}

  /** Of the columns that are known in every object. */
  static Map<NamedReference, ColumnStatistics> of(
      ReadFacts facts, List<ManifestEntry> files, StructType columns) {
    Map<NamedReference, ColumnStatistics> known = new HashMap<>();
    for (String name : columns.fieldNames()) {
      List<ColumnFacts> ofFiles = new ArrayList<>();
      for (ManifestEntry file : files) {
        Optional<ColumnFacts> ofFile = facts.of(file).column(name);
        if (ofFile.isEmpty()) {
          break;
        }
        ofFiles.add(ofFile.get());
      }
      if (!files.isEmpty() && ofFiles.size() == files.size()) {
        known.put(Expressions.column(name), together(ofFiles));
      }
    }
    return known;
  }

  private static ColumnStatistics together(List<ColumnFacts> ofFiles) {
    return new ColumnStatistics() {
      @Override
      public OptionalLong nullCount() {
        return ofFiles.stream().allMatch(file -> file.nulls().isPresent())
            ? OptionalLong.of(ofFiles.stream().mapToLong(file -> file.nulls().orElse(0)).sum())
            : OptionalLong.empty();
      }

      @Override
      public Optional<Object> min() {
        return ofFiles.stream().allMatch(file -> file.min().isPresent())
            ? ofFiles.stream()
                .map(file -> file.min().orElseThrow())
                .reduce((a, b) -> a.compareTo(b) <= 0 ? a : b)
                .map(value -> (Object) value)
            : Optional.empty();
      }

      @Override
      public Optional<Object> max() {
        return ofFiles.stream().allMatch(file -> file.max().isPresent())
            ? ofFiles.stream()
                .map(file -> file.max().orElseThrow())
                .reduce((a, b) -> a.compareTo(b) >= 0 ? a : b)
                .map(value -> (Object) value)
            : Optional.empty();
      }
    };
  }
}

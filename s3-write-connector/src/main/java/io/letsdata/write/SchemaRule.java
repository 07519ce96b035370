// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.StoredSchema;
import io.letsdata.write.commit.AppendRule;
import io.letsdata.write.commit.CommitRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Appended files must have the format, the options and the columns of the earlier ones. Columns are
 * compared by name and type; their order matters for formats that store no names. Nullability does
 * not matter.
 */
final class SchemaRule implements AppendRule {
  private static final Set<String> FORMATS_WITH_NAMES = Set.of("avro", "json", "orc", "parquet");

  @Override
  public Optional<String> conflict(Snapshot existing, CommitRequest job) {
    if (!existing.format().equals(job.format())) {
      return Optional.of(
          "its files are %s, the job's are %s".formatted(existing.format(), job.format()));
    }
    return options(
            OptionMeaning.of(existing.options(), job.schemaJson()),
            OptionMeaning.of(job.options(), job.schemaJson()))
        .or(() -> existing.schemaJson().flatMap(schema -> schema(schema, job)));
  }

  private static Optional<String> options(Map<String, String> existing, Map<String, String> job) {
    Set<String> names = new TreeSet<>(existing.keySet());
    names.addAll(job.keySet());
    return names.stream()
        .filter(
            name ->
                !Optional.ofNullable(existing.get(name)).equals(Optional.ofNullable(job.get(name))))
        .findFirst()
        .map(
            name ->
                "option %s of its files is %s, the job's is %s"
                    .formatted(name, shown(existing.get(name)), shown(job.get(name))));
  }

  private static String shown(@Nullable String value) {
    return value == null ? "not set" : "'" + value + "'";
  }

  private static Optional<String> schema(String existingJson, CommitRequest job) {
    boolean ordered = !FORMATS_WITH_NAMES.contains(job.format());
    List<String> existing;
    try {
      existing = columns(existingJson, ordered);
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    List<String> added = columns(job.schemaJson(), ordered);
    return existing.equals(added)
        ? Optional.empty()
        : Optional.of(
            "its columns are (%s), the job's are (%s)"
                .formatted(String.join(", ", existing), String.join(", ", added)));
  }

  // A catalog string has no nullability, and Spark does not shorten it.
  private static List<String> columns(String json, boolean ordered) {
    Stream<String> columns =
        Arrays.stream(StoredSchema.parse(json).fields())
            .map(field -> field.name() + " " + field.dataType().catalogString());
    return (ordered ? columns : columns.sorted()).toList();
  }
}

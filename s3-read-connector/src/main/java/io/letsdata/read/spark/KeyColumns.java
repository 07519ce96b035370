// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ScalaMaps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.InternalRow$;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils$;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.datasources.PartitionPath;
import org.apache.spark.sql.execution.datasources.PartitionSpec;
import org.apache.spark.sql.execution.datasources.PartitioningUtils$;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * The columns whose values are in the keys of a list, as Hive and Spark lay them out: {@code
 * logs/year=2024/month=01/a.parquet}. Spark parses the values and infers their types. Immutable;
 * used on the driver, no request.
 *
 * <p>A folder {@code name=value} that every key has exactly once is a column. Example: of {@code
 * a/year=2024/month=01/x} and {@code a/year=2023/y}, only {@code year} is one.
 */
@Internal
public final class KeyColumns {
  /** No column is in the keys. */
  public static final KeyColumns NONE =
      new KeyColumns(true, new LinkedHashMap<>(), PartitionSpec.emptySpec());

  private record Folder(String name, String value) {}

  private final boolean caseSensitive;

  /** The name to show, by the name to compare. */
  private final Map<String, String> names;

  private final PartitionSpec spec;
  private final Map<Path, InternalRow> values = new HashMap<>();

  private KeyColumns(boolean caseSensitive, Map<String, String> names, PartitionSpec spec) {
    this.caseSensitive = caseSensitive;
    this.names = names;
    this.spec = spec;
    for (PartitionPath folder : JavaConverters.seqAsJavaList(spec.partitions())) {
      values.put(folder.path(), folder.values());
    }
  }

  /**
   * The columns in the keys of {@code files}.
   *
   * @param input its name, for messages
   * @param schema of the user: only the columns that it names are taken, with its types
   * @throws UserErrorException when the schema names a folder that some keys have and others not
   */
  public static KeyColumns of(
      SparkSession session, String input, List<ManifestEntry> files, Optional<StructType> schema) {
    SQLConf conf = session.sessionState().conf();
    boolean caseSensitive = conf.caseSensitiveAnalysis();
    Map<String, String> names =
        new KeyColumns(caseSensitive, new LinkedHashMap<>(), PartitionSpec.emptySpec())
            .names(input, files, schema);
    if (names.isEmpty()) {
      return NONE;
    }
    KeyColumns unparsed = new KeyColumns(caseSensitive, names, PartitionSpec.emptySpec());
    Set<Path> folders = new LinkedHashSet<>();
    files.forEach(file -> folders.add(unparsed.folder(file)));
    PartitionSpec spec =
        PartitioningUtils$.MODULE$.parsePartitions(
            JavaConverters.asScalaBuffer(new ArrayList<>(folders)).toSeq(),
            conf.partitionColumnTypeInferenceEnabled(),
            ScalaMaps.of(Map.of(new Path("/"), "")).keySet(),
            schema.isPresent() ? Option.apply(schema.get()) : Option.empty(),
            caseSensitive,
            conf.validatePartitionColumns(),
            conf.sessionLocalTimeZone());
    return new KeyColumns(caseSensitive, names, spec);
  }

  private Map<String, String> names(
      String input, List<ManifestEntry> files, Optional<StructType> schema) {
    Map<String, String> shown = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (ManifestEntry file : files) {
      folders(file.key())
          .forEach(
              (name, folder) -> {
                shown.putIfAbsent(name, folder.name());
                counts.merge(name, 1, Integer::sum);
              });
    }
    if (schema.isPresent()) {
      Map<String, String> asked = new HashMap<>();
      Arrays.stream(schema.get().fieldNames()).forEach(name -> asked.put(compared(name), name));
      shown.keySet().retainAll(asked.keySet());
      // Spark's scans look partition columns up by the name that the table shows.
      shown.replaceAll((name, inKey) -> asked.getOrDefault(name, inKey));
      for (Map.Entry<String, String> column : shown.entrySet()) {
        if (counts.getOrDefault(column.getKey(), 0) < files.size()) {
          throw disagreement(input, files, column.getKey(), column.getValue());
        }
      }
    }
    shown.keySet().removeIf(name -> counts.getOrDefault(name, 0) < files.size());
    return shown;
  }

  private UserErrorException disagreement(
      String input, List<ManifestEntry> files, String name, String shown) {
    String without =
        files.stream()
            .filter(file -> !folders(file.key()).containsKey(name))
            .findFirst()
            .map(ManifestEntry::location)
            .orElse("");
    return new UserErrorException(
        "Cannot read %s with column %s: it is a folder '%s=…' of some keys, but not exactly one of %s. Leave the column out, read the keys in two reads, or set 'partition-columns'='false' when the objects hold it."
            .formatted(input, shown, shown, without));
  }

  /** The folders {@code name=value} of a key, by the name to compare; none that it has twice. */
  private Map<String, Folder> folders(String key) {
    Map<String, Folder> folders = new LinkedHashMap<>();
    if (key.indexOf('=') < 0) {
      return folders;
    }
    Set<String> twice = new HashSet<>();
    int start = 0;
    for (int end = key.indexOf('/'); end >= 0; end = key.indexOf('/', start)) {
      int equal = key.indexOf('=', start);
      if (equal > start && equal < end - 1) {
        String name = ExternalCatalogUtils$.MODULE$.unescapePathName(key.substring(start, equal));
        String compared = compared(name);
        if (folders.put(compared, new Folder(name, key.substring(equal + 1, end))) != null) {
          twice.add(compared);
        }
      }
      start = end + 1;
    }
    folders.keySet().removeAll(twice);
    return folders;
  }

  private String compared(String name) {
    return caseSensitive ? name : name.toLowerCase(Locale.ROOT);
  }

  /** The columns alone, as a path below the root. */
  private Path folder(ManifestEntry file) {
    Map<String, Folder> folders = folders(file.key());
    StringBuilder path = new StringBuilder("/");
    names.forEach(
        (name, shown) -> {
          Folder folder = folders.get(name);
          path.append(path.length() > 1 ? "/" : "")
              .append(ExternalCatalogUtils$.MODULE$.escapePathName(shown))
              .append('=')
              .append(folder == null ? "" : folder.value());
        });
    return new Path(path.toString());
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** The column with this name. */
  Optional<StructField> column(String name) {
    return Arrays.stream(spec.partitionColumns().fields())
        .filter(field -> field.name().equals(name))
        .findFirst();
  }

  /** For Spark's file index: its folders are those of {@link #folders()}. */
  PartitionSpec spec() {
    return spec;
  }

  /** Every folder once. */
  Set<Path> folders() {
    return values.keySet();
  }

  /** The objects below one of {@code chosen}, in their order. */
  List<ManifestEntry> below(Set<Path> chosen, List<ManifestEntry> files) {
    return files.stream().filter(file -> chosen.contains(folder(file))).toList();
  }

  /** The schema without the columns that are in the keys: that of the objects. */
  StructType withoutKeyColumns(StructType schema) {
    StructType rest = new StructType();
    for (StructField field : schema.fields()) {
      if (!names.containsKey(compared(field.name()))) {
        rest = rest.add(field);
      }
    }
    return rest;
  }

  /** The schema of the objects and, at its end, the columns of the keys, which have precedence. */
  StructType tableSchema(StructType ofObjects) {
    StructType schema = withoutKeyColumns(ofObjects);
    for (StructField column : spec.partitionColumns().fields()) {
      schema = schema.add(column.name(), column.dataType(), true);
    }
    return schema;
  }

  /**
   * The values of one object's key.
   *
   * @param columns some of this object's, in any order
   */
  InternalRow valuesOf(ManifestEntry file, StructType columns) {
    if (columns.isEmpty()) {
      return InternalRow$.MODULE$.empty();
    }
    InternalRow all = java.util.Objects.requireNonNull(values.get(folder(file)));
    @Nullable Object[] chosen = new @Nullable Object[columns.length()];
    for (int i = 0; i < chosen.length; i++) {
      StructField column = columns.fields()[i];
      chosen[i] = all.get(spec.partitionColumns().fieldIndex(column.name()), column.dataType());
    }
    return new GenericInternalRow(chosen);
  }
}

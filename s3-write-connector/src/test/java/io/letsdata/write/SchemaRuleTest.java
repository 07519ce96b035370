// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.TableState;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class SchemaRuleTest {
  private static Optional<String> conflict(
      String format, String existing, Map<String, String> options, String added) {
    Snapshot manifest =
        Snapshot.of("a", 1, format, Optional.of(json(existing)), options, List.of());
    return new SchemaRule().conflict(manifest, job(format, json(added)));
  }

  private static CommitRequest job(String format, String schemaJson) {
    return new CommitRequest(
        "b",
        WriteMode.APPEND.operation(),
        CommitOrigin.of("app", ""),
        format,
        schemaJson,
        Map.of(),
        Layout.MANIFEST,
        TableState.NONE,
        List.of());
  }

  private static String json(String ddl) {
    return StructType.fromDDL(ddl).json();
  }

  @Test
  void sameColumnsMayBeAppendedWithOtherNullability() {
    assertThat(
            conflict("parquet", "a INT NOT NULL, b STRING", Map.of(), "a INT, b STRING NOT NULL"))
        .isEmpty();
  }

  @Test
  void orderOfColumnsMattersOnlyInFormatsWithoutNames() {
    assertThat(conflict("parquet", "a INT, b STRING", Map.of(), "b STRING, a INT")).isEmpty();
    assertThat(conflict("csv", "a INT, b STRING", Map.of(), "b STRING, a INT"))
        .contains("its columns are (a int, b string), the job's are (b string, a int)");
  }

  @Test
  void otherTypeIsAConflictThatNamesBoth() {
    assertThat(conflict("json", "a INT", Map.of(), "a BIGINT"))
        .contains("its columns are (a int), the job's are (a bigint)");
  }

  @Test
  void otherReadOptionIsAConflict() {
    assertThat(conflict("csv", "a INT", Map.of("header", "true"), "a INT"))
        .contains("option header of its files is 'true', the job's is not set");
  }

  @Test
  void spellingOfAnOptionDoesNotMatter() {
    Map<String, String> existing =
        Map.of(
            "header", "TRUE",
            "charset", "utf8",
            "delimiter", ";",
            "quoteAll", "true",
            "multiLine", "FALSE",
            "timestampFormat", "yyyy");

    assertThat(OptionMeaning.of(existing, json("a INT, b DATE")))
        .isEqualTo(Map.of("header", "true", "sep", ";"))
        .isEqualTo(
            OptionMeaning.of(
                Map.of("header", "true", "sep", ";", "encoding", "UTF-8", "quote", "\""),
                json("a INT, b DATE")));
    assertThat(OptionMeaning.of(existing, json("a TIMESTAMP")))
        .containsEntry("timestampFormat", "yyyy");
    assertThat(OptionMeaning.of(Map.of("lineSep", "\n"), json("a INT")))
        .as("Spark's reader has another default than its writer")
        .containsEntry("lineSep", "\n");
  }

  @Test
  void versionWithoutSchemaAcceptsAnyColumns() {
    Snapshot manifest = Snapshot.of("a", 1, "json", Optional.empty(), Map.of(), List.of());

    assertThat(new SchemaRule().conflict(manifest, job("json", json("a INT")))).isEmpty();
  }
}

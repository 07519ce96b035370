// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;

/** The connector is no table of Spark's session catalog, which takes sources of its first API. */
class CatalogTablesIT extends ConnectorFixture {
  @Test
  void tablesOfTheSessionCatalogAreRefusedBySpark() {
    assertThatThrownBy(
            () ->
                writer(rows(0, 3, 1), "json", SaveMode.ErrorIfExists)
                    .option("path", output)
                    .saveAsTable("saved"))
        .hasMessageContaining("letsdata-s3 is not a valid Spark SQL Data Source");
    assertThatThrownBy(
            () ->
                spark.sql(
                    "create table made using `letsdata-s3` options (format 'json', path '"
                        + output
                        + "') as select id from range(3)"))
        .hasMessageContaining("letsdata-s3 is not a valid Spark SQL Data Source");
    assertThatThrownBy(
            () ->
                spark.sql(
                    "insert overwrite directory '"
                        + output
                        + "' using `letsdata-s3` options (format 'json') select id from range(2)"))
        .hasMessageContaining("Only Data Sources providing FileFormat are supported");

    assertThat(keys("")).isEmpty();
  }

  @Test
  void outputIsATableOfSqlThroughAView() {
    writer(rows(0, 3, 1), "json", SaveMode.Append).save(output);

    load().createOrReplaceTempView("events");

    assertThat(spark.sql("select sum(id) from events").first().getLong(0)).isEqualTo(3);
  }
}

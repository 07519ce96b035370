// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.options.SecretRule;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

final class TaskSettingsTest {
  private static final SecretRule SECRETS = SecretRule.of(Optional.empty());
  private static final Configuration NOTHING = new Configuration(false);

  private final Configuration driver = new Configuration();

  private Configuration there() {
    return TaskSettings.of(driver, SECRETS).on(NOTHING);
  }

  @Test
  void onlySettingsOfDecodersAndEncodersTravel() {
    driver.set("spark.letsdata.s3.endpoint", "http://x:1");
    driver.set("spark.sql.session.timeZone", "UTC");
    driver.set("parquet.filter.stats.enabled", "false");
    driver.set("spark.app.name", "private");
    driver.set("my.own", "private");
    driver.set("fs.s3a.endpoint", "private");

    assertThat(there())
        .extracting("key")
        .containsExactlyInAnyOrder(
            "spark.letsdata.s3.endpoint",
            "spark.sql.session.timeZone",
            "parquet.filter.stats.enabled");
  }

  @Test
  void valueOfASiteFileTravels() {
    driver.addResource(
        new ByteArrayInputStream(
            """
            <configuration><property>
              <name>io.compression.codecs</name><value>com.example.Codec</value>
            </property></configuration>
            """
                .getBytes(StandardCharsets.UTF_8)));

    assertThat(there().get("io.compression.codecs")).isEqualTo("com.example.Codec");
  }

  @Test
  void defaultsOfHadoopDoNotTravel() {
    driver.addResource("mapred-default.xml");

    assertThat(driver.get("io.file.buffer.size")).isNotNull();
    assertThat(driver.get("mapreduce.job.maps")).isNotNull();
    assertThat(there()).isEmpty();
  }

  @Test
  void secretsStayByKeyAndByTheValueOfACatalog() {
    driver.set("spark.sql.catalog.x.password", "hunter2");
    driver.set("spark.sql.catalog.x.url", "jdbc:x?password=hunter2");

    assertThat(there()).isEmpty();
  }

  @Test
  void nameThatLooksLikeASecretTravelsAsAValue() {
    driver.set("org.apache.spark.sql.parquet.row.requested_schema", "token_count int");
    driver.set("spark.sql.extensions", "com.example.TokenMasking");

    assertThat(there())
        .extracting("key")
        .containsExactlyInAnyOrder(
            "org.apache.spark.sql.parquet.row.requested_schema", "spark.sql.extensions");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.options.SecretRule;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class ScanConfTest {
  private static final SecretRule SECRETS = SecretRule.of(Optional.empty());

  @Test
  void onlySettingsOfDecodersAreSerialized() {
    Configuration full = new Configuration();
    full.set("spark.letsdata.s3.endpoint", "http://x:1");
    full.set("spark.sql.session.timeZone", "UTC");
    full.set("parquet.filter.stats.enabled", "false");
    full.set("spark.app.name", "private");
    full.set("my.own", "private");
    full.set("fs.s3a.endpoint", "private");

    Configuration made = ScanConf.of(full, SECRETS).value().value();

    assertThat(made.get("spark.letsdata.s3.endpoint")).isEqualTo("http://x:1");
    assertThat(made.get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(made.get("parquet.filter.stats.enabled")).isEqualTo("false");
    assertThat(made.get("spark.app.name")).isNull();
    assertThat(made.get("my.own")).isNull();
    assertThat(made.get("fs.s3a.endpoint")).isNotEqualTo("private");
  }

  @Test
  void secretsAreOmittedByKeyAndByValue() {
    Configuration full = new Configuration();
    full.set("spark.sql.catalog.x.password", "hunter2");
    full.set("spark.sql.catalog.x.url", "jdbc:x?password=hunter2");

    Configuration made = ScanConf.of(full, SECRETS).value().value();

    assertThat(made.get("spark.sql.catalog.x.password")).isNull();
    assertThat(made.get("spark.sql.catalog.x.url")).isNull();
  }
}

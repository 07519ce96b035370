// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.options.UserErrorException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class SecretScrubTest {
  private final SparkConf session = new SparkConf(false);
  private final SecretScrub scrub = new SecretScrub(SessionChecks.secretRule(session));

  @Test
  void copyLacksTheSecretsOfTheSession() {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.password", "canary");
    conf.set("spark.sql.shuffle.partitions", "4");

    Configuration copy = scrub.withoutSecrets(conf);

    assertThat(copy.get("spark.my.password")).isNull();
    assertThat(copy.get("spark.sql.shuffle.partitions")).isEqualTo("4");
    assertThat(conf.get("spark.my.password")).isEqualTo("canary");
  }

  @Test
  void configurationWithoutSecretsIsNotCopied() {
    Configuration conf = new Configuration(false);
    conf.set("spark.sql.shuffle.partitions", "4");

    assertThat(scrub.withoutSecrets(conf)).isSameAs(conf);
  }

  @Test
  void staticS3aKeyIsRefusedWithItsRemedyAndWithoutItsValue() {
    Configuration conf = new Configuration(false);
    conf.set("fs.s3a.bucket.b.secret.key", "canary");

    assertThatThrownBy(() -> scrub.withoutSecrets(conf))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("fs.s3a.bucket.b.secret.key")
        .hasMessageContaining("function's role")
        .hasMessageNotContaining("canary");
  }

  @Test
  void namesThatLookLikeSecretsStay() {
    Configuration conf = new Configuration(false);
    conf.set("spark.sql.extensions", "com.example.TokenMasking");
    conf.set("spark.my.columns", "id,token_count");

    assertThat(scrub.withoutSecrets(conf)).isSameAs(conf);
  }
}

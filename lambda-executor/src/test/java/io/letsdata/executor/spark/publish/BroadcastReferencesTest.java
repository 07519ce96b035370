// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.options.SecretRule;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

final class BroadcastReferencesTest {

  @Test
  void configurationInsideAClosureIsScrubbed() throws Exception {
    Configuration conf = new Configuration(false);
    conf.set("spark.my.token", "canary");

    BroadcastReferences references =
        BroadcastReferences.in(
            new SecretScrub(SecretRule.of(Optional.of("token"))),
            new Object[] {"x", new SerializableConfiguration(conf)});

    assertThat(references.scrubbed()).isTrue();
    assertThat(conf.get("spark.my.token")).isNull();
  }
}

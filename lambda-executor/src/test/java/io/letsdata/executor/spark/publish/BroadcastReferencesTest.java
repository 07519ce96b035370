// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.options.SecretRule;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

final class BroadcastReferencesTest {

  private final Configuration conf = new Configuration(false);
  private final Object[] closure = {"x", new SerializableConfiguration(conf)};
  private final SecretScrub scrub = new SecretScrub(SecretRule.of(Optional.of("token")));

  @Test
  void secretInAConfigurationOfAClosureIsFoundAtEachWalk() throws Exception {
    conf.set("spark.my.token", "canary");

    assertThat(BroadcastReferences.in(scrub, (Object) closure).holdsSecrets()).isTrue();
    assertThat(BroadcastReferences.in(scrub, (Object) closure).holdsSecrets()).isTrue();
    assertThat(conf.get("spark.my.token")).isEqualTo("canary");
  }

  @Test
  void bytesWithoutSecretsHoldAllElse() throws Exception {
    conf.set("spark.my.token", "canary");
    conf.set("spark.my.size", "4");

    byte[] bytes = BroadcastReferences.withoutSecrets(scrub, closure);

    Object[] read;
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      read = (Object[]) in.readObject();
    }
    Configuration there = ((SerializableConfiguration) read[1]).value();
    assertThat(read[0]).isEqualTo("x");
    assertThat(there.get("spark.my.size")).isEqualTo("4");
    assertThat(there.get("spark.my.token")).isNull();
    assertThat(conf.get("spark.my.token")).isEqualTo("canary");
  }
}

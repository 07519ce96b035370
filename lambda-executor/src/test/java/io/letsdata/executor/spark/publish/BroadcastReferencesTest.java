// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.executor.spark.rules.SecretScrub;
import io.letsdata.options.SecretRule;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Tuple2;

final class BroadcastReferencesTest {

  private final Configuration conf = new Configuration(false);
  private final Object[] closure = {"x", new SerializableConfiguration(conf)};
  private final SecretScrub scrub = new SecretScrub(SecretRule.of(Optional.of("token")));

  @Test
  void secretInAConfigurationOfAClosureIsFoundAtEachWalk() throws Exception {
    conf.set("spark.my.token", "canary");

    assertThat(BroadcastReferences.in(scrub, (Object) closure).mayHoldSecrets()).isTrue();
    assertThat(BroadcastReferences.in(scrub, (Object) closure).mayHoldSecrets()).isTrue();
    assertThat(conf.get("spark.my.token")).isEqualTo("canary");
  }

  @Test
  void bytesWithoutSecretsHoldAllElse() throws Exception {
    conf.set("spark.my.token", "canary");
    conf.set("spark.my.size", "4");

    byte[] bytes = BroadcastReferences.withoutSecrets(scrub, closure);

    Object[] read = (Object[]) read(bytes);
    Configuration there = ((SerializableConfiguration) read[1]).value();
    assertThat(read[0]).isEqualTo("x");
    assertThat(there.get("spark.my.size")).isEqualTo("4");
    assertThat(there.get("spark.my.token")).isNull();
    assertThat(conf.get("spark.my.token")).isEqualTo("canary");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 30})
  void settingsOfASessionTravelWithoutItsSecrets(int others) throws Exception {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < others; i++) {
      settings.put("spark.sql.x" + i, "y" + i);
    }
    settings.put("spark.my.token", "canary");
    Object[] graph = {scalaMap(settings)};

    assertThat(BroadcastReferences.in(scrub, (Object) graph).mayHoldSecrets()).isTrue();
    byte[] bytes = BroadcastReferences.withoutSecrets(scrub, graph);

    settings.remove("spark.my.token");
    assertThat(((Object[]) read(bytes))[0]).isEqualTo(scalaMap(settings));
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
  }

  private static scala.collection.immutable.Map<String, String> scalaMap(Map<String, String> map) {
    scala.collection.immutable.Map<String, String> result =
        scala.collection.immutable.Map$.MODULE$.<String, String>empty();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      result = result.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    }
    return result;
  }

  private static Object read(byte[] bytes) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}

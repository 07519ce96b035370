// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OutputLayoutTest {
  private static final OutputLayout LAYOUT = OutputLayout.of("s3a://b/jobs/out//");

  @Test
  void namesManifestsSoThatTheLatestIsListedFirst() {
    assertThat(LAYOUT.output()).isEqualTo("s3://b/jobs/out");
    assertThat(LAYOUT.manifestKey(1))
        .isEqualTo("jobs/out/_letsdata/manifests/9223372036854775806-v1.json");
    assertThat(LAYOUT.manifestKey(10)).isLessThan(LAYOUT.manifestKey(9));
    assertThat(LAYOUT.manifestKey(OutputLayout.MAX_VERSION))
        .isEqualTo("jobs/out/_letsdata/manifests/9223371036854775807-v1000000000000.json");
    assertThatThrownBy(() -> LAYOUT.manifestKey(OutputLayout.MAX_VERSION + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version must be from 1 to 1000000000000, not 1000000000001");
  }

  @Test
  void findsTheVersionInItsOwnKeysOnly() {
    assertThat(LAYOUT.versionOf(LAYOUT.manifestKey(42))).hasValue(42);
    assertThat(LAYOUT.versionOf(LAYOUT.manifestKey(OutputLayout.MAX_VERSION)))
        .hasValue(OutputLayout.MAX_VERSION);
    assertThat(LAYOUT.versionOf("jobs/out/_letsdata/manifests/9223372036854775806-v2.json"))
        .isEmpty();
    assertThat(LAYOUT.versionOf("jobs/out/_letsdata/manifests/x")).isEmpty();
    assertThat(
            LAYOUT.versionOf(
                "jobs/out/_letsdata/manifests/9223371036854775806-v1000000000001.json"))
        .isEmpty();
    assertThat(
            LAYOUT.versionOf(
                "jobs/out/_letsdata/manifests/0000000000000000000-v9223372036854775807.json"))
        .isEmpty();
    assertThat(
            LAYOUT.versionOf(
                "jobs/out/_letsdata/manifests/0000000000000000000-v9999999999999999999.json"))
        .isEmpty();
    assertThat(LAYOUT.versionOf("other/_letsdata/manifests/9223372036854775806-v1.json")).isEmpty();
  }

  @Test
  void wholeBucketMayBeAnOutput() {
    OutputLayout whole = OutputLayout.of("s3://b");

    assertThat(whole.output()).isEqualTo("s3://b");
    assertThat(whole.manifestPrefix()).isEqualTo("_letsdata/manifests/");
    assertThat(whole.locationOf(whole.dataKey(0, 1, "n", "json")))
        .isEqualTo("s3://b/data/00000-1-n.json");
  }

  @Test
  void namesDataObjectsByPartitionTaskAndNonce() {
    assertThat(LAYOUT.dataKey(3, 71, "a-1_b", "json.gz"))
        .isEqualTo("jobs/out/data/00003-71-a-1_b.json.gz");
    assertThatThrownBy(() -> LAYOUT.dataKey(3, 71, "a/b", "json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a/b");
    assertThatThrownBy(() -> LAYOUT.dataKey(3, 71, "a", ".json"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsTheOutputOfAManifest() {
    assertThat(OutputLayout.ofManifest(LAYOUT.locationOf(LAYOUT.manifestKey(3)))).contains(LAYOUT);
    assertThat(OutputLayout.ofManifest("s3://b/list.txt")).isEmpty();
  }

  @Test
  void locationThatIsNotAnOutputIsRejected() {
    assertThatThrownBy(() -> OutputLayout.of("s3a://AKIA:canary@bucket/out"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("AKIA", "canary");
    assertThatThrownBy(() -> OutputLayout.of("/tmp/out"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'/tmp/out' is not of the form s3://bucket/prefix");
    assertThatThrownBy(() -> OutputLayout.of("s3:///x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LAYOUT.manifestKey(0))
        .hasMessageContaining("from 1 to 1000000000000, not 0");
  }
}

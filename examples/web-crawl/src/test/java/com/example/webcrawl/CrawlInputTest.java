// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

class CrawlInputTest {
  private final MapOfObjects s3 = new MapOfObjects("b");
  private final WetGenerator generator = new WetGenerator(1);

  @Test
  void theManifestNamesEveryObjectWithItsLengthEtagAndRows() throws Exception {
    CrawlInput input = CrawlInput.write(s3, "s3://b/in", generator, 3, 10);

    JsonNode manifest = new ObjectMapper().readTree(s3.object("in/manifest.json"));
    assertThat(input.manifest()).isEqualTo("s3://b/in/manifest.json");
    assertThat(manifest.fieldNames().next()).isEqualTo("letsdataManifest");
    assertThat(manifest.at("/options/lineSep").asText()).isEqualTo(WebCrawlJob.RECORD_SEPARATOR);
    assertThat(manifest.get("files")).hasSize(3);
    long lengths = 0;
    for (JsonNode file : manifest.get("files")) {
      byte[] object = s3.object(file.get("location").asText().substring("s3://b/".length()));
      assertThat(file.get("lengthBytes").asLong()).isEqualTo(object.length);
      assertThat(file.get("etag").asText()).isEqualTo("etag" + Arrays.hashCode(object));
      assertThat(file.get("rows").asLong()).isEqualTo(11);
      lengths += object.length;
    }
    assertThat(input.pages()).isEqualTo(30);
    assertThat(input.objectBytes()).isEqualTo(lengths);
  }

  @Test
  void theStoredBytesAreTheGeneratedOnesInFileOrder() throws Exception {
    CrawlInput.write(s3, "s3://b/in", generator, 2, 10);

    ByteArrayOutputStream second = new ByteArrayOutputStream();
    generator.write(1, 10, second);
    assertThat(s3.object("in/" + WetGenerator.key(1))).isEqualTo(second.toByteArray());
  }

  @Test
  void aMissingBucketIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> CrawlInput.write(s3, "s3://absent/in", generator, 2, 1))
        .isInstanceOf(NoSuchBucketException.class)
        .hasMessageContaining("absent");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void anyOneValueIsADocument() {
    for (String document : new String[] {"{}", "[1,2]", "\"text\"", "1", "null", " {\"a\":{}} "}) {
      assertThat(Json.problem(bytes(document))).as(document).isEmpty();
    }
  }

  @Test
  void everyPrefixOfADocumentIsNone() {
    String document = "{\"a\":[1,\"b\"]}";
    for (int length = 0; length < document.length(); length++) {
      assertThat(Json.problem(bytes(document.substring(0, length)))).isPresent();
    }
    assertThat(Json.problem(bytes("\"text"))).isPresent();
    assertThat(Json.problem(bytes("{} {}"))).isPresent();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

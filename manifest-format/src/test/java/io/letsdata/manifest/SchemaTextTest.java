// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTextTest {
  private static final String TYPE = "{\"type\":\"udt\",\"class\":\"a.B\",\"sqlType\":\"long\"}";

  private static String struct(String type, String metadata) {
    return "{\"type\":\"struct\",\"fields\":[{\"name\":\"c\",\"type\":"
        + type
        + ",\"nullable\":true,\"metadata\":"
        + metadata
        + "}]}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "{\"type\":\"array\",\"elementType\":%s,\"containsNull\":true}",
        "{\"type\":\"map\",\"keyType\":%s,\"valueType\":\"long\",\"valueContainsNull\":true}",
        "{\"type\":\"map\",\"keyType\":\"long\",\"valueType\":%s,\"valueContainsNull\":true}"
      })
  void typeThatNamesAClassIsRefusedWhereverItIs(String place) {
    String type = place.replace("%s", TYPE);

    for (String schema :
        new String[] {type, struct(type, "{}"), struct(struct(type, "{}"), "{}")}) {
      assertThatThrownBy(() -> SchemaText.withoutClasses(schema))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("its schema has a user-defined type, which names the class 'a.B'");
    }
  }

  @Test
  void metadataOfAColumnAreNoTypes() {
    String schema = struct("\"long\"", "{\"x\":" + TYPE + "}");

    assertThat(SchemaText.withoutClasses(schema)).isEqualTo(schema);
  }

  @Test
  void fieldThatComesTwiceIsRefused() {
    String schema = "{\"type\":\"struct\",\"type\":\"udt\",\"fields\":[]}";

    assertThatThrownBy(() -> SchemaText.withoutClasses(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not JSON");
  }
}

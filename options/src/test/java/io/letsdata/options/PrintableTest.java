// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintableTest {
  @Test
  void controlCharactersAreShownAsTheirCode() {
    assertThat(Printable.text("a\u001b[2J\u0000b\u009b\u007f\u202ec"))
        .isEqualTo("a\\u001b[2J\\u0000b\\u009b\\u007f\\u202ec");
  }

  @Test
  void linesAndTabsStay() {
    assertThat(Printable.text("a\tb\nc\r\nd\re")).isEqualTo("a\tb\nc\nd\ne");
  }

  @Test
  void otherTextIsReturnedAsItIs() {
    String text = "Ärger in 東京: \\u001b is six letters";

    assertThat(Printable.text(text)).isSameAs(text);
    assertThat(Printable.text(null)).isNull();
  }

  @Test
  void messageOfAUsersErrorIsPrintable() {
    assertThat(new UserErrorException("no 'a\u001b[1mb'")).hasMessage("no 'a\\u001b[1mb'");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SipHashTest {
  /** From the authors' {@code vectors_sip128}: key 00 to 0f, message 00, 01, ... of a length. */
  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
    "2, 8177228da4a45dc7fca38bdef60affe4",
    "7, a1f1ebbed8dbc153c0b84aa61ff08239",
    "8, 3b62a9ba6258f5610f83e264f31497b4",
    "15, 5493e99933b0a8117e08ec0f97cfc3d9",
    "16, 6ee2a4ca67b054bbfd3315bf85230577",
    "63, 5150d1772f50834a503e069a973fbd7c"
  })
  void codeIsThatOfTheReference(int length, String code) {
    SipHash hash = new SipHash(counting(SipHash.KEY_BYTES));

    hash.update(counting(length));

    assertThat(HexFormat.of().formatHex(hash.code())).isEqualTo(code);
  }

  @Test
  void codeDoesNotDependOnTheSizesOfUpdates() {
    byte[] message = new byte[20_000];
    new Random(1).nextBytes(message);
    byte[] whole = code(message, message.length);

    for (int step : new int[] {1, 3, 7, 8, 9, 4_095, 4_096, 4_097}) {
      assertThat(code(message, step)).as("updates of %d bytes", step).isEqualTo(whole);
    }
  }

  @Test
  void copyGoesOnByItself() {
    SipHash first = new SipHash(counting(SipHash.KEY_BYTES));
    first.update(counting(5));
    SipHash second = first.copy();

    first.update(counting(7));
    second.update(counting(7));

    assertThat(second.code()).isEqualTo(first.code());
  }

  @Test
  void keyOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new SipHash(new byte[32]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A key has 16 bytes, not 32.");
  }

  private static byte[] code(byte[] message, int step) {
    SipHash hash = new SipHash(counting(SipHash.KEY_BYTES));
    for (int from = 0; from < message.length; from += step) {
      hash.update(message, from, Math.min(step, message.length - from));
    }
    return hash.code();
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}

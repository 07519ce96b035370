// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.planted;

import io.letsdata.read.LetsDataS3Source;

/** A planted breach: the write connector uses the reader's inside. */
final class UsesTheReader {
  private UsesTheReader() {}

  static LetsDataS3Source source() {
    return new LetsDataS3Source();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.options.Internal;

/** {@code format("letsdata")}: a second short name of {@link LetsDataS3Source}. */
@Internal
public final class LetsDataSource extends LetsDataS3Source {
  /** For Spark. */
  public LetsDataSource() {}

  @Override
  public String shortName() {
    return "letsdata";
  }
}

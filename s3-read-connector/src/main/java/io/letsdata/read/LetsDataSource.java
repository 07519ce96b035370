// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.options.Public;

/** The data source {@code format("letsdata")}: a second name of {@link LetsDataS3Source}. */
@Public
public final class LetsDataSource extends LetsDataS3Source {
  /** For Spark. */
  public LetsDataSource() {}

  @Override
  public String shortName() {
    return "letsdata";
  }
}

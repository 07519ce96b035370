// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.Serializable;

/**
 * A stored part of a multipart upload.
 *
 * @param number 1 to 10,000
 * @param etag without quotes
 */
@Evolving
public record PartEtag(int number, String etag) implements Serializable {

  /** The largest part number that S3 accepts. */
  public static final int MAX_NUMBER = 10_000;

  public PartEtag {
    if (number < 1 || number > MAX_NUMBER) {
      throw new IllegalArgumentException(
          "part number must be within 1 and " + MAX_NUMBER + ": " + number);
    }
  }
}

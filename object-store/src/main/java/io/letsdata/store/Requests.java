// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;

/** What every store refuses before it sends anything. */
@Internal
public final class Requests {

  private static final int MAX_KEYS = 1000;

  private Requests() {}

  public static ObjectLocation checked(ObjectLocation location) {
    if (location.key().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot use " + location + " as an object: it has no key. Name an object in the bucket.");
    }
    return location;
  }

  public static void checkNotEmpty(ObjectLocation location, ByteRange range) {
    if (range.lengthBytes() == 0) {
      throw new IllegalArgumentException(
          "Cannot read "
              + location
              + " "
              + range
              + ": the range is empty. Ask for no byte without a request.");
    }
  }

  public static void checkTail(ObjectLocation location, long lastBytes) {
    if (lastBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot read the last " + lastBytes + " bytes of " + location + ": must be at least 1.");
    }
  }

  public static void checkHasParts(MultipartHandle handle) {
    if (handle.parts().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot complete the upload to "
              + handle.location()
              + ": it has no parts. Put an empty object instead.");
    }
  }

  public static void checkMaxKeys(int maxKeys) {
    if (maxKeys < 1 || maxKeys > MAX_KEYS) {
      throw new IllegalArgumentException("maxKeys must be between 1 and 1000: " + maxKeys);
    }
  }
}

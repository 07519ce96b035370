// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;

/** Checks of arguments that every store makes before it sends a request. */
@Internal
public final class Requests {

  private static final int MAX_KEYS = 1000;

  private Requests() {}

  /** Returns {@code location} when it has a key. */
  public static ObjectLocation checked(ObjectLocation location) {
    if (location.key().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot use " + location + " as an object: it has no key. Name an object in the bucket.");
    }
    return location;
  }

  /** Refuses an empty range. */
  public static void checkNotEmpty(ObjectLocation location, ByteRange range) {
    if (range.lengthBytes() == 0) {
      throw new IllegalArgumentException(
          "Cannot read "
              + location
              + " "
              + range
              + ": the range is empty. Return no bytes without a request.");
    }
  }

  /** Refuses a tail of less than one byte. */
  public static void checkTail(ObjectLocation location, long lastBytes) {
    if (lastBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot read the last " + lastBytes + " bytes of " + location + ": must be at least 1.");
    }
  }

  /** Refuses to complete an upload without parts. */
  public static void checkHasParts(MultipartHandle handle) {
    if (handle.parts().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot complete the upload to "
              + handle.location()
              + ": it has no parts. Put an empty object instead.");
    }
  }

  /** Refuses a page of less than 1 or more than 1,000 keys. */
  public static void checkMaxKeys(int maxKeys) {
    if (maxKeys < 1 || maxKeys > MAX_KEYS) {
      throw new IllegalArgumentException("maxKeys must be between 1 and 1000: " + maxKeys);
    }
  }
}

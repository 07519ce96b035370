// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;

/**
 * Bytes that are either inside a message or an object of the run.
 *
 * @param inline the bytes themselves, base64 in JSON; empty when they are an object
 * @param location {@code s3://bucket/key} of an object that holds exactly the bytes; empty when
 *     they are inside the message
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
public record Blob(byte[] inline, String location) {

  /** Bytes inside the message. */
  public static Blob of(byte[] bytes) {
    return new Blob(bytes, "");
  }

  /** Bytes of an object in the store. */
  public static Blob at(ObjectLocation object) {
    return new Blob(new byte[0], object.toString());
  }

  /** Whether {@link #inline} holds the bytes; no request is needed then. */
  public boolean hasBytes() {
    return location.isEmpty();
  }

  /**
   * The object that holds the bytes.
   *
   * @throws IllegalArgumentException when they are inside the message
   */
  public ObjectLocation object() {
    return ObjectLocation.parse(location);
  }
}

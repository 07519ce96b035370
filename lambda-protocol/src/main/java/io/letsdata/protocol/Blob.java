// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.store.ObjectLocation;

/**
 * Bytes that travel either inside a message or as an object of the run.
 *
 * @param inline the bytes themselves, base64 in JSON; empty when they are an object
 * @param location {@code s3://bucket/key} of an object that holds exactly the bytes; empty when
 *     they ride along
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
public record Blob(byte[] inline, String location) {

  /** Bytes inside the message. */
  public static Blob of(byte[] bytes) {
    return new Blob(bytes, "");
  }

  /** Bytes in the store. */
  public static Blob at(ObjectLocation object) {
    return new Blob(new byte[0], object.toString());
  }

  /** Whether {@link #inline} holds the bytes. */
  public boolean ridesAlong() {
    return location.isEmpty();
  }

  /**
   * Where the bytes are.
   *
   * @throws IllegalArgumentException when they ride along
   */
  public ObjectLocation object() {
    return ObjectLocation.parse(location);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.util.Optional;

/**
 * Bytes that are either inside a message or an object of the run.
 *
 * @param inline the bytes themselves, base64 in JSON; empty when they are an object
 * @param location {@code s3://bucket/key} of an object that holds exactly the bytes; empty when
 *     they are inside the message
 * @param etag of the object, when readers take parts of it; else empty
 */
@Internal
@SuppressWarnings("ArrayRecordComponent") // a carrier for Jackson; never compared
public record Blob(byte[] inline, String location, String etag) {

  /** Bytes inside the message. */
  public static Blob of(byte[] bytes) {
    return new Blob(bytes, "", "");
  }

  /** Bytes of an object that is read whole, by a {@link SealedStore}. */
  public static Blob at(ObjectLocation object) {
    return at(object, "");
  }

  /** Bytes of an object of which readers take parts, in the version of this etag. */
  public static Blob at(ObjectLocation object, String etag) {
    return new Blob(new byte[0], object.toString(), etag);
  }

  /** Whether {@link #inline} holds the bytes; no request is needed then. */
  public boolean hasBytes() {
    return location.isEmpty();
  }

  /** The etag that readers of parts must require; empty when the bytes are verified whole. */
  public Optional<String> version() {
    return Optional.of(etag).filter(known -> !known.isEmpty());
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

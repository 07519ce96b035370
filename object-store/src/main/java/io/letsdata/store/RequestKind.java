// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;

/**
 * The kinds of requests that S3 bills differently; {@link RequestCounts} lists their operations.
 */
@Evolving
public enum RequestKind {
  PUT,
  GET,
  HEAD,
  LIST,
  DELETE,
  POST;

  /**
   * The kind of an operation, by S3's name for it. An operation that this project does not use
   * counts as POST.
   */
  public static RequestKind ofOperation(String name) {
    return switch (name) {
      case "PutObject", "UploadPart" -> PUT;
      case "GetObject" -> GET;
      case "HeadObject", "HeadBucket" -> HEAD;
      case "ListObjectsV2", "ListMultipartUploads" -> LIST;
      case "DeleteObject", "DeleteObjects", "AbortMultipartUpload" -> DELETE;
      default -> POST;
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;

/**
 * The kinds of requests S3 bills differently; {@link RequestCounts} says which operation is which.
 */
@Internal
public enum RequestKind {
  PUT,
  GET,
  HEAD,
  LIST,
  DELETE,
  POST;

  /**
   * The kind of an operation by S3's own name for it; operations this project does not use count as
   * POST.
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

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.Serializable;

/**
 * Requests as they were sent, retries included, by the kinds that S3 bills.
 *
 * @param put PutObject and UploadPart
 * @param get GetObject
 * @param head HeadObject and HeadBucket
 * @param list ListObjectsV2
 * @param delete DeleteObject, DeleteObjects and AbortMultipartUpload, which are free
 * @param post CreateMultipartUpload and CompleteMultipartUpload
 * @param bytesIn bytes of object bodies that were read
 * @param bytesOut bytes of object bodies that were sent, in each attempt
 * @param retries number of the requests above that repeated an earlier one
 */
@Evolving
public record RequestCounts(
    long put,
    long get,
    long head,
    long list,
    long delete,
    long post,
    long bytesIn,
    long bytesOut,
    long retries)
    implements Serializable {

  /** No request. */
  public static final RequestCounts ZERO = new RequestCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * A PUT, POST or LIST at the list price of S3 Standard in us-east-1 (aws.amazon.com/s3/pricing,
   * read 2026).
   */
  public static final double DOLLARS_A_WRITE_OR_LIST = 0.005 / 1_000;

  /** A GET or HEAD at that price. */
  public static final double DOLLARS_A_READ = 0.0004 / 1_000;

  /** The cost at these prices. Deletes are free, and so are bytes within a region. */
  public double dollars() {
    return (put + post + list) * DOLLARS_A_WRITE_OR_LIST + (get + head) * DOLLARS_A_READ;
  }

  /** All requests. */
  public long requests() {
    return put + get + head + list + delete + post;
  }

  /** The sum, field by field. */
  public RequestCounts plus(RequestCounts other) {
    return new RequestCounts(
        put + other.put,
        get + other.get,
        head + other.head,
        list + other.list,
        delete + other.delete,
        post + other.post,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut,
        retries + other.retries);
  }

  /** Field by field: the requests since {@code earlier} was taken from the same meter. */
  public RequestCounts minus(RequestCounts earlier) {
    return new RequestCounts(
        put - earlier.put,
        get - earlier.get,
        head - earlier.head,
        list - earlier.list,
        delete - earlier.delete,
        post - earlier.post,
        bytesIn - earlier.bytesIn,
        bytesOut - earlier.bytesOut,
        retries - earlier.retries);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.Serializable;

/**
 * Requests as they went over the wire, retries included, by the kinds S3 bills.
 *
 * @param put PutObject and UploadPart
 * @param get GetObject
 * @param head HeadObject and HeadBucket
 * @param list ListObjectsV2
 * @param delete DeleteObject, DeleteObjects and AbortMultipartUpload, which are free
 * @param post CreateMultipartUpload and CompleteMultipartUpload
 * @param bytesIn of object bodies read
 * @param bytesOut of object bodies sent, once an attempt
 * @param retries how many of the requests above repeated an earlier one
 */
@Internal
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

  /** Nothing. */
  public static final RequestCounts ZERO = new RequestCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * A PUT, POST or LIST at the list price of S3 Standard in us-east-1 (aws.amazon.com/s3/pricing,
   * read 2026).
   */
  public static final double DOLLARS_A_WRITE_OR_LIST = 0.005 / 1_000;

  /** A GET or HEAD at that price. */
  public static final double DOLLARS_A_READ = 0.0004 / 1_000;

  /** At these prices; deletes are free, bytes within a region too. */
  public double dollars() {
    return (put + post + list) * DOLLARS_A_WRITE_OR_LIST + (get + head) * DOLLARS_A_READ;
  }

  /** All requests. */
  public long requests() {
    return put + get + head + list + delete + post;
  }

  /** Field by field. */
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

  /** Field by field; what happened since {@code earlier} was taken of the same meter. */
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

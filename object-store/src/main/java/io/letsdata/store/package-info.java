// SPDX-License-Identifier: Apache-2.0
/**
 * The one door to S3.
 *
 * <p>Classes in reading order: {@link ForwardingObjectStore}, {@link ObjectStore}, {@link
 * MultipartUpload}, {@link MultipartHandle}, {@link ObjectLocation}, {@link PartEtag}, {@link
 * ObjectContent}, {@link BufferStream}, {@link ObjectBody}, {@link BodyTruncated}, {@link
 * StoreException}, {@link ByteRange}, {@link ObjectStat}, {@link ListIterator}, {@link
 * ListedObject}, {@link ListPage}, {@link ListedUpload}, {@link RepeatedRead}, {@link
 * RequestMeter}, {@link RequestKind}, {@link RequestCounts}, {@link AccessDenied}, {@link
 * BucketNotFound}, {@link ObjectChanged}, {@link ObjectNotFound}, {@link OutcomeUnknown}, {@link
 * StoreUnavailable}, {@link StartedUpload}, {@link Requests}, {@link RangeBeyondEnd}, {@link
 * Backoff}, {@link StoreSettings}, {@link StoreOptions}, {@link Encryption}, {@link
 * CredentialsKind}.
 */
@NullMarked
package io.letsdata.store;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The interface to S3 that all other modules use, its values and its exceptions. No SDK.
 *
 * <p>Reading order: {@link io.letsdata.store.ObjectStore} (atomicity, errors and cost of each
 * operation); the values of its requests, {@link io.letsdata.store.ObjectLocation}, {@link
 * io.letsdata.store.ByteRange}, {@link io.letsdata.store.ObjectContent} with {@link
 * io.letsdata.store.BufferStream}, and of its responses, {@link io.letsdata.store.ObjectStat},
 * {@link io.letsdata.store.ObjectBody}, {@link io.letsdata.store.RepeatedRead}, {@link
 * io.letsdata.store.ListPage}, {@link io.letsdata.store.ListedObject}, {@link
 * io.letsdata.store.ListedUpload}, {@link io.letsdata.store.ListIterator}; uploads in parts, {@link
 * io.letsdata.store.MultipartUpload}, {@link io.letsdata.store.MultipartHandle}, {@link
 * io.letsdata.store.PartEtag}; the exceptions, {@link io.letsdata.store.StoreException}, {@link
 * io.letsdata.store.ObjectNotFound}, {@link io.letsdata.store.ObjectChanged}, {@link
 * io.letsdata.store.RangeBeyondEnd}, {@link io.letsdata.store.BodyTruncated}, {@link
 * io.letsdata.store.PartsRefused}, {@link io.letsdata.store.BucketNotFound}, {@link
 * io.letsdata.store.AccessDenied}, {@link io.letsdata.store.StoreUnavailable} and, before all,
 * {@link io.letsdata.store.OutcomeUnknown}; how to reach a store, {@link
 * io.letsdata.store.StoreSettings}, {@link io.letsdata.store.StoreOptions}, {@link
 * io.letsdata.store.CredentialsKind}, {@link io.letsdata.store.Encryption}, {@link
 * io.letsdata.store.BucketOwners}; the account of requests, {@link io.letsdata.store.RequestKind},
 * {@link io.letsdata.store.RequestCounts}, {@link io.letsdata.store.RequestMeter}; for
 * implementations of the interface, {@link io.letsdata.store.ForwardingObjectStore}, {@link
 * io.letsdata.store.StartedUpload}, {@link io.letsdata.store.Requests}, {@link
 * io.letsdata.store.Backoff}.
 */
@NullMarked
package io.letsdata.store;

import org.jspecify.annotations.NullMarked;

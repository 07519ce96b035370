// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

/**
 * The one fixed identity of the stand-in. Public on purpose: it opens nothing but a server on the
 * loopback interface.
 */
public record LocalIdentity(String accessKey, String secretKey) {}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import io.letsdata.options.Internal;

/**
 * The one fixed identity of the stand-in. Public on purpose: it opens nothing but a server on the
 * loopback interface.
 */
@Internal
public record LocalIdentity(String accessKey, String secretKey) {}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;

/** Where the identity for S3 comes from. Never from the configuration itself. */
@Evolving
public enum CredentialsKind {
  /** The SDK's own chain: environment, profile, container or function role. */
  DEFAULT,
  /** The identity of a local stack ({@code LocalStackCredentials}). */
  LOCAL_STACK
}

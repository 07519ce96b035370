// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

/** Where the identity for S3 comes from. Never from the configuration itself. */
public enum CredentialsKind {
  /** The SDK's own chain: environment, profile, container or function role. */
  DEFAULT("default"),
  /** The fixed public identity of the local stand-in ({@code LocalStackCredentials}). */
  LOCAL_STACK("local-stack");

  private final String text;

  CredentialsKind(String text) {
    this.text = text;
  }

  /** As it is written in the configuration. */
  public String text() {
    return text;
  }

  /** Reads what {@link #text} gives; {@code key} is only named in the error. */
  static CredentialsKind parse(String key, String value) {
    for (CredentialsKind kind : values()) {
      if (kind.text.equals(value)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "Invalid value for " + key + ": '" + value + "' (must be default or local-stack)");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.access;

import io.letsdata.options.Internal;
import java.util.Locale;

/**
 * The one identity that a stand-in knows, for its clients and for its functions. Another one at
 * each start: a port of the loopback interface is open to every user of the machine.
 */
@Internal
public record LocalIdentity(String accessKey, String secretKey) {

  /** An identity that nobody can guess. */
  public static LocalIdentity random() {
    return new LocalIdentity(
        "LOCAL" + AccessToken.random().text().substring(0, 15).toUpperCase(Locale.ROOT),
        AccessToken.random().text());
  }

  /** As a file of AWS's shared credentials (AWS SDKs and Tools, "credentials file"). */
  public String toCredentialsFile() {
    return "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
        .formatted(accessKey, secretKey);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "LocalIdentity[" + accessKey + "]";
  }
}

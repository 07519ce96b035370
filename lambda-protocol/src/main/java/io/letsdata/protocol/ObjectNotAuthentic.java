// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.StoreException;

/** An object is not the one that this application stored there. None of its bytes were used. */
@Internal
public final class ObjectNotAuthentic extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why the difference that was found
   */
  public ObjectNotAuthentic(ObjectLocation location, String why) {
    super(
        "Cannot use "
            + location
            + ": this application did not store it ("
            + why
            + "). Only driver and function may write below "
            + RunOptions.LOCATION_KEY
            + "; find out who else does.",
        null);
  }
}

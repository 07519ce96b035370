// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.util.List;
import java.util.Optional;

/**
 * One answer of a listing.
 *
 * @param objects in the order of their keys' UTF-8 bytes; may be empty
 * @param nextStartAfter what to ask for next; empty when nothing is left
 */
@Internal
public record ListPage(List<ListedObject> objects, Optional<String> nextStartAfter) {

  public ListPage {
    objects = List.copyOf(objects);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param objects in the order of their keys' UTF-8 bytes; may be empty
 * @param nextStartAfter key after which the next page starts; empty on the last page
 */
@Evolving
public record ListPage(List<ListedObject> objects, Optional<String> nextStartAfter) {

  public ListPage {
    objects = List.copyOf(objects);
  }
}

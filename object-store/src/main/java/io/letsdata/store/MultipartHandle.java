// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Evolving;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * The values that another process needs to complete or abort a multipart upload. Serializable;
 * holds no connection and no secret.
 *
 * @param location of the object after completion
 * @param uploadId as the store issued it
 * @param parts stored so far; sorted by number in the constructor; numbers are unique
 */
@Evolving
public record MultipartHandle(ObjectLocation location, String uploadId, List<PartEtag> parts)
    implements Serializable {

  public MultipartHandle {
    // ArrayList-free copy: List.copyOf is serializable, as the record must be.
    parts = List.copyOf(parts.stream().sorted(Comparator.comparingInt(PartEtag::number)).toList());
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i - 1).number() == parts.get(i).number()) {
        throw new IllegalArgumentException("part " + parts.get(i).number() + " appears twice");
      }
    }
  }
}

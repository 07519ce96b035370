// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import io.letsdata.options.Internal;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * Everything another process needs to complete or abort a multipart upload. Serializable, holds no
 * connection and no secret.
 *
 * @param location what the upload becomes once completed
 * @param uploadId as the store named it
 * @param parts what has been stored so far, made ascending by number; numbers are unique
 */
@Internal
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

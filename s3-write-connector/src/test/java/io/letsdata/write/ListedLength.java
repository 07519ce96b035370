// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.store.ForwardingObjectStore;
import io.letsdata.store.ListPage;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectStat;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** A store whose listings give every object the same length, whatever it has. */
final class ListedLength extends ForwardingObjectStore {
  private final ObjectStore store;
  private final long lengthBytes;

  ListedLength(ObjectStore store, long lengthBytes) {
    this.store = store;
    this.lengthBytes = lengthBytes;
  }

  @Override
  protected ObjectStore delegate() {
    return store;
  }

  @Override
  public ListPage list(String bucket, String prefix, Optional<String> startAfter, int maxKeys)
      throws IOException {
    ListPage page = super.list(bucket, prefix, startAfter, maxKeys);
    return new ListPage(page.objects().stream().map(this::resized).toList(), page.nextStartAfter());
  }

  private ListedObject resized(ListedObject object) {
    return new ListedObject(
        object.location(), new ObjectStat(lengthBytes, object.stat().etag()), object.modified());
  }
}

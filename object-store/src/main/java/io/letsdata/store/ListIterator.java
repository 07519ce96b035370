// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Requests the pages of a listing as the caller needs them; holds one page. Not thread-safe. */
final class ListIterator implements Iterator<ListedObject> {

  private static final int PAGE = 1000;

  private final ObjectStore store;
  private final String bucket;
  private final String prefix;
  private Iterator<ListedObject> page = Collections.emptyIterator();
  private Optional<String> startAfter = Optional.empty();
  private boolean exhausted;

  ListIterator(ObjectStore store, String bucket, String prefix) {
    this.store = store;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !exhausted) {
      try {
        ListPage next = store.list(bucket, prefix, startAfter, PAGE);
        page = next.objects().iterator();
        startAfter = next.nextStartAfter();
        exhausted = startAfter.isEmpty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return page.hasNext();
  }

  @Override
  public ListedObject next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }
}

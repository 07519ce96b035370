// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.PartRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The files of a version, part by part. Not thread-safe. */
final class PartIterator implements Iterator<ManifestEntry> {
  /** Reads a part. */
  interface Reader {
    List<ManifestEntry> read(PartRef part) throws IOException;
  }

  private final Reader reader;
  private final Iterator<PartRef> parts;
  private final Iterator<ManifestEntry> rest;
  private Iterator<ManifestEntry> current = List.<ManifestEntry>of().iterator();

  PartIterator(Reader reader, Snapshot version) {
    this.reader = reader;
    this.parts = version.parts().iterator();
    this.rest = version.files().iterator();
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && parts.hasNext()) {
      try {
        current = reader.read(parts.next()).iterator();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return current.hasNext() || rest.hasNext();
  }

  @Override
  public ManifestEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.hasNext() ? current.next() : rest.next();
  }
}

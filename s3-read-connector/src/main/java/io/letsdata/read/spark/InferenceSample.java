// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.manifest.ManifestEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the objects that schema inference looks at. Objects that the manifest states as empty are
 * left out. Pure.
 *
 * <p>Example: of 9 objects with a limit of 4, {@link #first} gives the objects 1 to 4, {@link
 * #spread} the objects 1, 4, 6 and 9.
 */
final class InferenceSample {
  private static final int DEFAULT_OBJECTS = 8;

  private final List<ManifestEntry> notEmpty;
  private final Optional<Long> atMost;

  /**
   * @param atMost the user's limit, at least 1; 8 when empty
   */
  InferenceSample(List<ManifestEntry> files, Optional<Long> atMost) {
    this.notEmpty = files.stream().filter(file -> file.lengthBytes().orElse(1) > 0).toList();
    this.atMost = atMost;
  }

  /** Number of objects that may have data. */
  int notEmpty() {
    return notEmpty.size();
  }

  /** The first objects, in the order of the manifest. */
  List<ManifestEntry> first() {
    return notEmpty.subList(0, limit(DEFAULT_OBJECTS));
  }

  /** Objects at equal distances: the first, the last, and others between them. */
  List<ManifestEntry> spread() {
    return spread(limit(DEFAULT_OBJECTS));
  }

  /** All objects; with a limit of the user, as many as it allows, at equal distances. */
  List<ManifestEntry> allUnlessLimited() {
    return spread(limit(notEmpty.size()));
  }

  private int limit(long unlessLimited) {
    return (int) Math.min(notEmpty.size(), atMost.orElse(unlessLimited));
  }

  private List<ManifestEntry> spread(int count) {
    List<ManifestEntry> chosen = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long last = notEmpty.size() - 1L;
      chosen.add(notEmpty.get(count == 1 ? 0 : (int) ((i * last + (count - 1) / 2) / (count - 1))));
    }
    return chosen;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A list of keys: plain text, gzip text, or the {@code fileContents} of LetsData's JSON. Immutable.
 *
 * @param sourceName for messages
 * @param lines in order; empty is a valid empty input
 * @param defaultBucket from the dataset JSON around the list, when it names one
 */
@Internal
public record ObjectList(String sourceName, List<ListLine> lines, Optional<String> defaultBucket)
    implements ManifestDocument {
  public ObjectList {
    lines = List.copyOf(lines);
  }

  /**
   * The objects to read, in order. Pure.
   *
   * @param bucket of bare keys; has precedence over {@link #defaultBucket}
   * @param type of the object to read on a typed line, in any case; may be empty where each line
   *     has one type
   * @throws ManifestException with the line: no bucket for a bare key, no object of the type, an
   *     invalid URI, or an object that is named twice
   */
  public List<ManifestEntry> files(Optional<String> bucket, Optional<String> type)
      throws ManifestException {
    Optional<String> keyBucket = bucket.isPresent() ? bucket : defaultBucket;
    Optional<String> upperType = type.map(t -> t.toUpperCase(Locale.ROOT));
    Map<String, Integer> firstLines = new HashMap<>();
    List<ManifestEntry> files = new ArrayList<>(lines.size());
    for (ListLine line : lines) {
      ManifestEntry file = file(line, keyBucket, upperType);
      Integer first = firstLines.putIfAbsent(file.location(), line.lineNumber());
      if (first != null) {
        throw unreadable(
            line, file.location() + " is already on line " + first + ". Remove one of the two");
      }
      files.add(file);
    }
    return files;
  }

  private ManifestEntry file(ListLine line, Optional<String> bucket, Optional<String> type)
      throws ManifestException {
    try {
      return ManifestEntry.of(Locations.resolve(line.keyOf(type), bucket));
    } catch (IllegalArgumentException e) {
      throw unreadable(line, String.valueOf(e.getMessage()));
    }
  }

  private ManifestException unreadable(ListLine line, String why) {
    return ManifestException.unreadable(sourceName, "line " + line.lineNumber() + ": " + why + ".");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.version;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The commits that a later version still recognizes when they are made again: by the user's
 * commit-id, and by query and epoch of a stream. Every version carries them on. Immutable; the
 * oldest are dropped beyond {@link #MAX_ENTRIES}.
 *
 * @param commitIds the latest last; none twice
 * @param streams the latest epoch of each query, the query that committed last at the end
 */
@Internal
public record Replays(List<String> commitIds, List<StreamEpoch> streams) {
  /** Most commit-ids, and most queries. */
  public static final int MAX_ENTRIES = 1_000;

  /** Longest commit-id and query id. */
  public static final int MAX_ID_CHARS = 256;

  /** No commit is recognized. */
  public static final Replays NONE = new Replays(List.of(), List.of());

  public Replays {
    commitIds = last(commitIds);
    streams = last(streams);
    commitIds.forEach(Replays::requireId);
    Set<String> queries = new HashSet<>();
    streams.forEach(stream -> queries.add(stream.query()));
    if (new HashSet<>(commitIds).size() != commitIds.size() || queries.size() != streams.size()) {
      throw new IllegalArgumentException("a commit-id or a stream is named twice");
    }
  }

  /**
   * Returns a commit-id that can be stored.
   *
   * @throws IllegalArgumentException with the reason, without a period at its end
   */
  public static String requireId(String commitId) {
    if (commitId.isBlank() || commitId.length() > MAX_ID_CHARS) {
      throw new IllegalArgumentException(
          "a commit-id has 1 to %s characters, not %s".formatted(MAX_ID_CHARS, commitId.length()));
    }
    return commitId;
  }

  /** Whether a commit with this commit-id or this epoch, or a later epoch, was made before. */
  public boolean contains(Optional<String> commitId, Optional<StreamEpoch> stream) {
    return commitId.filter(commitIds::contains).isPresent()
        || stream
            .filter(
                asked ->
                    streams.stream()
                        .anyMatch(
                            known ->
                                known.query().equals(asked.query())
                                    && known.epoch() >= asked.epoch()))
            .isPresent();
  }

  /** These and one commit more. */
  public Replays plus(Optional<String> commitId, Optional<StreamEpoch> stream) {
    List<String> ids = new ArrayList<>(commitIds);
    commitId.ifPresent(
        id -> {
          ids.remove(id);
          ids.add(id);
        });
    List<StreamEpoch> epochs = new ArrayList<>(streams);
    stream.ifPresent(
        latest -> {
          epochs.removeIf(known -> known.query().equals(latest.query()));
          epochs.add(latest);
        });
    return new Replays(ids, epochs);
  }

  private static <T> List<T> last(List<T> entries) {
    int from = Math.max(0, entries.size() - MAX_ENTRIES);
    return List.copyOf(entries.subList(from, entries.size()));
  }
}

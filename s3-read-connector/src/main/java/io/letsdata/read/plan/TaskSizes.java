// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.plan;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Divides the objects of a read into tasks: one an object, unless the user wants long objects split
 * or short ones packed. The order of the manifest is kept. Immutable, pure.
 *
 * <p>Example: objects of 250, 30, 30 and 30 MB, {@code split-size} 100 MB, {@code pack-size} 70 MB,
 * an opening cost of 4 MB. The first is split evenly into three pieces of 84, 84 and 82 MB, a task
 * each. The second and third count 34 MB each and are one task of 68 MB; the fourth is another.
 *
 * @param splitBytes longest piece of an object; empty: objects are not split
 * @param packBytes most bytes of a task with several pieces; empty: no limit
 * @param filesPerTask most pieces of a task; empty: one, or any number with {@code packBytes}
 */
@Internal
public record TaskSizes(
    Optional<Long> splitBytes, Optional<Long> packBytes, Optional<Long> filesPerTask) {

  /** One task an object. */
  public static final TaskSizes ONE_OBJECT =
      new TaskSizes(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * The tasks.
   *
   * @param splittable whether a decoder can begin within this object
   * @param openingBytes what each piece counts more than its bytes, Spark's {@code
   *     spark.sql.files.openCostInBytes}
   * @param group only pieces of an equal group become one task
   */
  public List<List<Piece>> tasks(
      List<ManifestEntry> files,
      Predicate<ManifestEntry> splittable,
      long openingBytes,
      Function<ManifestEntry, ?> group) {
    List<List<Piece>> tasks = new ArrayList<>(files.size());
    List<Piece> open = new ArrayList<>();
    long openBytes = 0;
    for (ManifestEntry file : files) {
      for (Piece piece : pieces(file, splittable)) {
        long bytes = countedBytes(piece, openingBytes);
        boolean fits =
            !open.isEmpty()
                && open.size() < mostPieces()
                && bytes <= packBytes.orElse(Long.MAX_VALUE) - openBytes
                && Objects.equals(group.apply(open.get(0).file()), group.apply(file));
        if (!fits && !open.isEmpty()) {
          tasks.add(List.copyOf(open));
          open.clear();
          openBytes = 0;
        }
        open.add(piece);
        openBytes += Math.min(bytes, Long.MAX_VALUE - openBytes);
      }
    }
    if (!open.isEmpty()) {
      tasks.add(List.copyOf(open));
    }
    return tasks;
  }

  private long mostPieces() {
    return filesPerTask.orElse(packBytes.isPresent() ? Long.MAX_VALUE : 1);
  }

  /** An object of unknown length fills a task, unless the number of objects alone decides. */
  private long countedBytes(Piece piece, long openingBytes) {
    if (packBytes.isEmpty()) {
      return 0;
    }
    if (piece.endByte() != Piece.TO_THE_END) {
      return piece.endByte() - piece.startByte() + openingBytes;
    }
    return piece.file().lengthBytes().isEmpty()
        ? packBytes.get()
        : piece.file().lengthBytes().getAsLong() - piece.startByte() + openingBytes;
  }

  /** Even pieces: the last one would otherwise be a task for a few bytes. */
  private List<Piece> pieces(ManifestEntry file, Predicate<ManifestEntry> splittable) {
    long lengthBytes = file.lengthBytes().orElse(0);
    if (splitBytes.isEmpty() || lengthBytes <= splitBytes.get() || !splittable.test(file)) {
      return List.of(Piece.whole(file));
    }
    long count = (lengthBytes + splitBytes.get() - 1) / splitBytes.get();
    long pieceBytes = (lengthBytes + count - 1) / count;
    List<Piece> pieces = new ArrayList<>();
    for (long start = 0; start < lengthBytes; start += pieceBytes) {
      long end = start + pieceBytes;
      pieces.add(new Piece(file, start, end >= lengthBytes ? Piece.TO_THE_END : end));
    }
    return pieces;
  }
}

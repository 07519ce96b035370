// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MapRef;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.MergedObject;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.shuffle.format.ShuffleLayout;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.MapSegments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides which segments a merge reads, and the position of each in the object. Pure. Its {@link
 * FetchPlan.Wanted} carry the member's place in the job as map index.
 */
@Internal
public final class MergeLayout {
  private final MergeJob job;
  private final long[] extentBytes;
  private final List<FetchPlan.Wanted> wanted;
  private final List<long[]> positions;

  private MergeLayout(
      MergeJob job, long[] extentBytes, List<FetchPlan.Wanted> wanted, List<long[]> positions) {
    this.job = job;
    this.extentBytes = extentBytes;
    this.wanted = wanted;
    this.positions = positions;
  }

  /**
   * The largest partitions are left out until the rest fits: a large extent is worth its own GETs.
   *
   * @param index of the job's partitions
   * @throws IOException when the index does not know a member's segments
   */
  public static MergeLayout of(MergeJob job, ShuffleLayout layout, MapOutputIndex index)
      throws IOException {
    List<List<Segment>> segments = new ArrayList<>(job.members().size());
    long[] extents = new long[job.partitions()];
    for (MapRef member : job.members()) {
      List<Segment> own = stored(job, member, index);
      for (Segment segment : own) {
        extents[segment.partition() - job.startPartition()] += segment.lengthBytes();
      }
      segments.add(own);
    }
    fit(extents, job.maxBytes());
    long[] next = new long[extents.length];
    for (int i = 1; i < extents.length; i++) {
      next[i] = next[i - 1] + extents[i - 1];
    }
    List<FetchPlan.Wanted> wanted = new ArrayList<>(segments.size());
    List<long[]> positions = new ArrayList<>(segments.size());
    for (int member = 0; member < segments.size(); member++) {
      List<Segment> kept =
          segments.get(member).stream()
              .filter(segment -> extents[segment.partition() - job.startPartition()] > 0)
              .toList();
      long[] own = new long[kept.size()];
      for (int i = 0; i < own.length; i++) {
        int partition = kept.get(i).partition() - job.startPartition();
        own[i] = next[partition];
        next[partition] += kept.get(i).lengthBytes();
      }
      MapRef map = job.members().get(member);
      wanted.add(
          new FetchPlan.Wanted(map, member, layout.dataLocation(job.shuffleId(), map), kept));
      positions.add(own);
    }
    return new MergeLayout(job, extents, wanted, positions);
  }

  private static List<Segment> stored(MergeJob job, MapRef member, MapOutputIndex index)
      throws IOException {
    MapSegments found = index.segments(member).orElse(null);
    if (found == null || found.inline() != null) {
      throw new IOException(
          "Cannot merge map output "
              + member
              + " of shuffle "
              + job.shuffleId()
              + ": the offsets table does not tell where it is. It is read as it is.");
    }
    return found.segments();
  }

  private static void fit(long[] extents, long maxBytes) {
    long total = java.util.Arrays.stream(extents).sum();
    if (total > maxBytes) {
      List<Integer> largestFirst =
          IntStream.range(0, extents.length)
              .boxed()
              .sorted(Comparator.comparingLong((Integer extent) -> extents[extent]).reversed())
              .toList();
      for (int i = 0; total > maxBytes; i++) {
        total -= extents[largestFirst.get(i)];
        extents[largestFirst.get(i)] = 0;
      }
    }
  }

  /** The outputs to fetch; some may have no segments. */
  public List<FetchPlan.Wanted> wanted() {
    return wanted;
  }

  /** Where a fetched segment begins in the object. */
  int position(FetchPlan.Wanted fetched, Segment segment) {
    List<Segment> segments = wanted.get(fetched.mapIndex()).segments();
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).partition() < segment.partition()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.toIntExact(positions.get(fetched.mapIndex())[low]);
  }

  /** The report to the driver. */
  public MergeReport report() {
    return new MergeReport(job.shuffleId(), job.nonce(), extentBytes);
  }

  /** The index of the object. */
  MergedObject object() {
    List<MergedObject.Entry> entries = new ArrayList<>();
    for (int member = 0; member < wanted.size(); member++) {
      for (Segment segment : wanted.get(member).segments()) {
        entries.add(
            new MergedObject.Entry(
                member,
                segment.partition(),
                Math.toIntExact(segment.lengthBytes()),
                segment.crc32c()));
      }
    }
    entries.sort(
        Comparator.comparingInt(MergedObject.Entry::partition)
            .thenComparingInt(MergedObject.Entry::member));
    return new MergedObject(
        job.shuffleId(),
        job.nonce(),
        job.startPartition(),
        job.partitions(),
        job.members(),
        entries);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.fetch;

import io.letsdata.options.Internal;
import io.letsdata.shuffle.format.MergeJob;
import io.letsdata.shuffle.format.MergeReport;
import io.letsdata.shuffle.format.ShuffleHome;
import io.letsdata.shuffle.offsets.MapOutputIndex;
import io.letsdata.shuffle.offsets.OffsetsTable;
import io.letsdata.shuffle.offsets.TableCache;
import io.letsdata.shuffle.request.Hedging;
import io.letsdata.store.ObjectContent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Carries out a {@link MergeJob}: fetches its segments as a reduce task would, each verified, and
 * stores one object. Its memory is the job's {@link MergeJob#maxBytes} and what the limits allow to
 * be on the way. Thread-safe.
 *
 * @param tables of this process
 * @param executor on which GETs run
 * @param hedging of this process
 */
@Internal
public record Merger(
    ShuffleHome home, TableCache tables, FetchLimits limits, Executor executor, Hedging hedging) {

  /**
   * Merges. The offsets' GETs as for a reduce task, 1 GET for each member that has anything for the
   * job's partitions, up to {@link FetchLimits#requestBytes}, and 1 PUT; none when there is
   * nothing.
   *
   * @param table the shuffle's offsets, as its reduce tasks get them
   * @param whileWaiting called about ten times a second, and before the PUT; may throw to give up
   * @throws IOException when a segment is missing or damaged, or the store fails. The object may or
   *     may not be stored then; the driver knows its name
   */
  public MergeReport run(OffsetsTable table, MergeJob job, Runnable whileWaiting)
      throws IOException {
    MapOutputIndex index =
        tables.index(
            home,
            job.shuffleId(),
            table,
            job.startPartition(),
            job.endPartition(),
            Set.copyOf(job.members()));
    MergeLayout layout = MergeLayout.of(job, home.layout(), index);
    MergeReport report = layout.report();
    if (report.totalBytes() > 0) {
      byte[] bytes = fetch(layout, report, whileWaiting);
      whileWaiting.run();
      home.store()
          .put(
              job.object(home.layout()),
              ObjectContent.of(ByteBuffer.wrap(bytes), ByteBuffer.wrap(layout.object().tail())));
    }
    return report;
  }

  private byte[] fetch(MergeLayout layout, MergeReport report, Runnable whileWaiting)
      throws IOException {
    byte[] bytes = new byte[Math.toIntExact(report.totalBytes())];
    try (SegmentFetcher fetcher =
        new SegmentFetcher(
            home.store(),
            FetchPlan.plan(layout.wanted(), 0, limits.requestBytes()),
            limits,
            executor,
            hedging,
            whileWaiting)) {
      while (fetcher.hasNext()) {
        SegmentFetcher.Fetched next = fetcher.next();
        int start = layout.position(next.wanted(), next.segment());
        int length = Math.toIntExact(next.segment().lengthBytes());
        try (InputStream body = next.body()) {
          if (body.readNBytes(bytes, start, length) < length) {
            throw new EOFException("Cannot merge " + next.wanted().object() + ": it ends early.");
          }
        }
      }
    }
    return bytes;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ByteRange;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectNotFound;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The marks of jobs in an output, as clean-up sees them ({@link JobMark}). Immutable.
 *
 * @param began before this time no running job stored an object: the beginning of the oldest one
 *     with a live mark; {@link Instant#MAX} without one
 * @param ended marks of jobs that ended without deleting them
 */
record RunningJobs(Instant began, List<ListedObject> ended) {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int MAX_BYTES = 20;

  RunningJobs {
    ended = List.copyOf(ended);
  }

  /**
   * Reads the marks. One GET for each live one.
   *
   * @param marks the objects below {@link JobMark#prefix}
   * @param now of the store's clock
   */
  static RunningJobs of(
      ObjectStore store, OutputLayout output, List<ListedObject> marks, Instant now)
      throws IOException {
    Instant began = Instant.MAX;
    List<ListedObject> ended = new ArrayList<>();
    for (ListedObject mark : marks) {
      if (!NAME.matcher(name(output, mark.location())).matches()) {
        continue;
      }
      if (mark.modified().plus(JobMark.LIVES).isBefore(now)) {
        ended.add(mark);
      } else {
        Instant begins = began(store, mark);
        began = begins.isBefore(began) ? begins : began;
      }
    }
    return new RunningJobs(began, ended);
  }

  private static String name(OutputLayout output, ObjectLocation mark) {
    return mark.key().substring(JobMark.prefix(output).length());
  }

  /** The beginning of a job, at the latest; {@link Instant#MIN} when its mark does not say it. */
  private static Instant began(ObjectStore store, ListedObject mark) throws IOException {
    long lengthBytes = Math.min(mark.stat().lengthBytes(), MAX_BYTES);
    try {
      byte[] bytes = store.read(mark.location(), new ByteRange(0, lengthBytes));
      long ageSeconds = Long.parseLong(new String(bytes, StandardCharsets.US_ASCII));
      if (ageSeconds < 0) {
        return Instant.MIN;
      }
      // The PUT of the mark may have been sent again for a while.
      return mark.modified().minusSeconds(ageSeconds).minus(JobMark.INTERVAL);
    } catch (ObjectNotFound e) {
      return Instant.MAX; // it has committed, and its manifest is read after this
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return Instant.MIN;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import java.io.IOException;

/** A stream of compressed members, each of which can be unpacked by itself. Not thread-safe. */
interface Members {
  /** The byte of the object where the member of the last read begins. */
  long memberStart();

  /** Whether the member of the last read is damaged; {@link #skipToNextMember} leaves it. */
  boolean isDamaged();

  /** Moves to the next bytes that begin a member, or to the end of the object. */
  void skipToNextMember() throws IOException;
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.options.Internal;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Encodes the rows of one object. Used by one thread; the caller that opened it closes it, also
 * after a failure.
 */
@Internal
public interface RowEncoder extends AutoCloseable {
  /** Encodes a row; throws the failures of the stream below. */
  void write(InternalRow row) throws IOException;

  /** Writes the rest and closes the stream below. */
  @Override
  void close() throws IOException;
}

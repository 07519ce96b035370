// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.options.Internal;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Encodes the rows of one object. Used by one thread; whoever opened it closes it, after a failure
 * too.
 */
@Internal
public interface RowEncoder extends AutoCloseable {
  /** Encodes a row; failures of the stream below come through. */
  void write(InternalRow row) throws IOException;

  /** Writes what is left and closes the stream below. */
  @Override
  void close() throws IOException;
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * How rows become the bytes of objects. Made on the driver, used in tasks; immutable; carries no
 * credentials.
 */
@Internal
public interface RowEncoding extends Serializable {
  /** What the objects' keys end in, such as {@code json.gz}; readers choose the codec by it. */
  String extension();

  /**
   * Starts encoding one object; a format with a header writes it now.
   *
   * @param stream the encoder closes it
   * @param partition of the task
   * @param taskId of the task
   */
  RowEncoder open(OutputStream stream, int partition, long taskId) throws IOException;
}

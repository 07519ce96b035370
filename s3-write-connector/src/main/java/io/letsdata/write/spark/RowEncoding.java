// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write.spark;

import io.letsdata.options.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * Encodes rows as the bytes of objects. Created on the driver, used in tasks; immutable; has no
 * credentials.
 */
@Internal
public interface RowEncoding extends Serializable {
  /**
   * The extension of the objects' keys, such as {@code json.gz}; readers choose the codec by it.
   */
  String extension();

  /**
   * Starts encoding one object; a format with a header writes it now.
   *
   * @param stream for the bytes; the encoder closes it
   * @param partition of the task
   * @param taskId of the task
   */
  RowEncoder open(OutputStream stream, int partition, long taskId) throws IOException;
}

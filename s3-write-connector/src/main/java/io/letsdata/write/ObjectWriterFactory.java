// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.Layout;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ObjectStore;
import io.letsdata.write.spark.RowEncoding;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/**
 * Creates the writers of a job, in its tasks. Serializable; has no credentials, no connection and
 * no random state.
 */
final class ObjectWriterFactory implements DataWriterFactory {
  private static final long serialVersionUID = 1L;
  private static final int NONCE_BYTES = 12;

  /**
   * Opens the store in the process of the task. The process shares it, so the writer does not close
   * it.
   */
  @FunctionalInterface
  interface StoreOpener extends Serializable {
    ObjectStore open();
  }

  private final StoreOpener stores;
  private final OutputLayout output;
  private final Layout layout;
  private final RowEncoding encoding;
  private final long maxRowsPerObject;

  /**
   * @param output where the objects are stored
   * @param layout of the output
   * @param maxRowsPerObject at least 1
   */
  ObjectWriterFactory(
      StoreOpener stores,
      OutputLayout output,
      Layout layout,
      RowEncoding encoding,
      long maxRowsPerObject) {
    this.stores = stores;
    this.output = output;
    this.layout = layout;
    this.encoding = encoding;
    this.maxRowsPerObject = maxRowsPerObject;
  }

  /**
   * A writer with keys that no other call uses: the nonce is created here, in the invocation,
   * because one attempt may have two invocations. No request.
   */
  @Override
  public DataWriter<InternalRow> createWriter(int partition, long taskId) {
    byte[] random = new byte[NONCE_BYTES];
    // A new generator each time: a generator from before a snapshot would repeat itself in every
    // restored environment.
    new SecureRandom().nextBytes(random);
    ObjectNames names =
        new ObjectNames(
            output,
            layout,
            partition,
            taskId,
            HexFormat.of().formatHex(random),
            encoding.extension());
    return new ObjectWriter(stores.open(), names, encoding, maxRowsPerObject);
  }
}

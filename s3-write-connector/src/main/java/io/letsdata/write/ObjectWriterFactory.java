// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

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
 * Makes the writers of a job, in its tasks. Serializable; carries no credentials, no connection,
 * and no randomness.
 */
final class ObjectWriterFactory implements DataWriterFactory {
  private static final long serialVersionUID = 1L;
  private static final int NONCE_BYTES = 12;

  /**
   * Opens the store in the process that runs the task; the store is shared there and nobody's to
   * close.
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
   * @param output where the objects go
   * @param layout where in it
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
   * A writer whose keys no other call ever uses: the nonce is drawn here, in the invocation,
   * because the same attempt may be invoked twice. No request.
   */
  @Override
  public DataWriter<InternalRow> createWriter(int partition, long taskId) {
    byte[] random = new byte[NONCE_BYTES];
    // A new generator each time: one kept from before a snapshot would repeat itself in every
    // restored copy.
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

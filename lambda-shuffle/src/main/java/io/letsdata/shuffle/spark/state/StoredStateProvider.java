// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.state;

import io.letsdata.options.Internal;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider;
import org.apache.spark.sql.execution.streaming.state.StateStore;
import org.apache.spark.sql.execution.streaming.state.StateStoreConf;
import org.apache.spark.sql.execution.streaming.state.StateStoreId;
import org.apache.spark.sql.execution.streaming.state.StateStoreMetrics;
import org.apache.spark.sql.execution.streaming.state.UnsafeRowPair;
import org.apache.spark.sql.types.StructType;

/**
 * Spark's own state store on a Hadoop file system, which does its maintenance as part of a commit.
 * Spark leaves that to a background thread of a long-lived executor (StateStore.scala, 3.5.9); an
 * environment is frozen between invocations, so snapshots would never be written and old deltas
 * never deleted: each batch would read all deltas since the first. The default provider of sessions
 * on Lambda; its files are those of Spark's provider, so a query can continue on another master.
 *
 * <p>Driver and worker load it by name, so it is in a module that both have. The name is written
 * into checkpoints (OffsetSeqMetadata, 3.5.9): a renamed class would end every stream that began
 * before.
 *
 * <p>Cost beside Spark's own: once in {@code minDeltasForSnapshot} + 1 commits of a partition two
 * listings, one snapshot and the deletes.
 */
@Internal
public final class StoredStateProvider extends HDFSBackedStateStoreProvider {
  private int commitsBetween = 1;

  /** Called by Spark, by name. */
  public StoredStateProvider() {}

  @Override
  public void init(
      StateStoreId id,
      StructType keySchema,
      StructType valueSchema,
      int prefixColumns,
      StateStoreConf storeConf,
      Configuration hadoopConf) {
    super.init(id, keySchema, valueSchema, prefixColumns, storeConf, hadoopConf);
    commitsBetween = storeConf.minDeltasForSnapshot() + 1;
  }

  @Override
  public StateStore getStore(long version) {
    return new Maintained(super.getStore(version));
  }

  /** Delegates; a commit is followed by maintenance. */
  private final class Maintained implements StateStore {
    private final StateStore store;

    Maintained(StateStore store) {
      this.store = store;
    }

    @Override
    public long commit() {
      long committed = store.commit();
      if (committed % commitsBetween == 0) {
        doMaintenance(); // logs its failures; the next one does the same work
      }
      return committed;
    }

    @Override
    public StateStoreId id() {
      return store.id();
    }

    @Override
    public long version() {
      return store.version();
    }

    @Override
    public UnsafeRow get(UnsafeRow key) {
      return store.get(key);
    }

    @Override
    public void put(UnsafeRow key, UnsafeRow value) {
      store.put(key, value);
    }

    @Override
    public void remove(UnsafeRow key) {
      store.remove(key);
    }

    @Override
    public scala.collection.Iterator<UnsafeRowPair> prefixScan(UnsafeRow prefixKey) {
      return store.prefixScan(prefixKey);
    }

    @Override
    public scala.collection.Iterator<UnsafeRowPair> iterator() {
      return store.iterator();
    }

    @Override
    public void abort() {
      store.abort();
    }

    @Override
    public StateStoreMetrics metrics() {
      return store.metrics();
    }

    @Override
    public boolean hasCommitted() {
      return store.hasCommitted();
    }
  }
}

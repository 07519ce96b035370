// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;

/**
 * The store as Spark's block manager master knows it: the executor that holds all cached blocks and
 * broadcasts. Driver and worker build the same {@code BlockManagerId} from it; its host name never
 * resolves (RFC 2606), so that no connection to it can be made.
 */
@Internal
public final class StoreExecutor {
  /** Executor id, as Spark's Storage tab shows it. */
  public static final String ID = "letsdata-store";

  public static final String HOST = "store.invalid";
  public static final int PORT = 1;

  private StoreExecutor() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark.context;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;

/**
 * Spark's map status with a location that has no host. Spark's tracker gives the hosts of the
 * largest outputs as preferred locations, also those that are null, and its scheduler drops these
 * (DAGScheduler.getPreferredLocsInternal, 3.5.9): a reduce task then has no preference. The
 * tracker's own switch, {@code spark.shuffle.reduceLocality.enabled}, is read before the shuffle
 * manager exists.
 *
 * <p>As thread-safe as Spark's, which the tracker's lock guards.
 */
@SuppressWarnings("NullAway.Init") // readExternal sets the field
final class UnplacedMapStatus implements MapStatus, Externalizable {
  private static final long serialVersionUID = 1;

  private MapStatus sizes;
  private transient @Nullable BlockManagerId location;

  /** For deserialization only. */
  public UnplacedMapStatus() {}

  /** Around a status that has its location. */
  UnplacedMapStatus(MapStatus sizes) {
    this.sizes = sizes;
  }

  @Override
  public BlockManagerId location() {
    BlockManagerId known = location;
    if (known == null) {
      known = new NoHost(sizes.location());
      location = known;
    }
    return known;
  }

  @Override
  public void updateLocation(BlockManagerId newLocation) {
    sizes.updateLocation(newLocation);
    location = null;
  }

  @Override
  public long getSizeForBlock(int reduceId) {
    return sizes.getSizeForBlock(reduceId);
  }

  @Override
  public long mapId() {
    return sizes.mapId();
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeObject(sizes);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
    sizes = (MapStatus) in.readObject();
  }

  /**
   * A location without a host. It is equal to the one with its host, which a fetch failure names;
   * Spark compares from this side (ShuffleStatus.removeMapOutput, 3.5.9).
   */
  private static final class NoHost extends BlockManagerId {
    private static final long serialVersionUID = 1;

    private final transient BlockManagerId whole;

    NoHost(BlockManagerId whole) {
      super(whole.executorId(), whole.host(), whole.port(), whole.topologyInfo());
      this.whole = whole;
    }

    @Override
    public @Nullable String host() {
      return null;
    }

    private Object writeReplace() {
      return whole;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BlockManagerId id
          && executorId().equals(id.executorId())
          && port() == id.port();
    }

    @Override
    public int hashCode() {
      return executorId().hashCode();
    }
  }
}

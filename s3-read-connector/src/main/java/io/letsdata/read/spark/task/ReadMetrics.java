// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * The counts of what a scan passed over, in the SQL tab of the UI. Spark makes an instance of each
 * metric by its class name.
 */
@Internal
public final class ReadMetrics {
  public static final String OBJECTS = "objectsLeftOut";
  public static final String DAMAGE = "damagedPlacesLeftOut";
  public static final String DEVIATIONS = "deviationsAccepted";

  private ReadMetrics() {}

  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new ObjectsLeftOut(), new DamagedPlacesLeftOut(), new DeviationsAccepted()
    };
  }

  public static CustomTaskMetric value(String name, long value) {
    return new Value(name, value);
  }

  private record Value(String name, long value) implements CustomTaskMetric {}

  /** Objects that are missing, or whose rest is damaged, and that the user ignores. */
  public static final class ObjectsLeftOut extends CustomSumMetric {
    /** For Spark. */
    public ObjectsLeftOut() {}

    @Override
    public String name() {
      return OBJECTS;
    }

    @Override
    public String description() {
      return "missing or corrupt objects ignored";
    }
  }

  /** Places of WARC objects whose records are left out. */
  public static final class DamagedPlacesLeftOut extends CustomSumMetric {
    /** For Spark. */
    public DamagedPlacesLeftOut() {}

    @Override
    public String name() {
      return DAMAGE;
    }

    @Override
    public String description() {
      return "damaged places left out";
    }
  }

  /** Deviations of WARC's framing that were accepted. */
  public static final class DeviationsAccepted extends CustomSumMetric {
    /** For Spark. */
    public DeviationsAccepted() {}

    @Override
    public String name() {
      return DEVIATIONS;
    }

    @Override
    public String description() {
      return "deviations of framing accepted";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark.task;

import io.letsdata.options.Internal;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/**
 * The counts of what a scan read and passed over, in the SQL tab of the UI. Spark makes an instance
 * of each metric by its class name.
 */
@Internal
public final class ReadMetrics {
  public static final String OBJECTS = "objectsLeftOut";
  public static final String DAMAGE = "damagedPlacesLeftOut";
  public static final String DEVIATIONS = "deviationsAccepted";

  public static final String PRUNED = "objectsPruned";
  public static final String READ = "objectsRead";
  public static final String BYTES = "objectBytes";
  public static final String RECORDS = "recordsRead";
  public static final String ERRORS = "errorDocuments";

  private ReadMetrics() {}

  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new ObjectsPruned(),
      new ObjectsRead(),
      new ObjectBytes(),
      new RecordsRead(),
      new ErrorDocuments(),
      new ObjectsLeftOut(),
      new DamagedPlacesLeftOut(),
      new DeviationsAccepted()
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

  /** Objects that no task reads: filters on keys, statistics or a limit leave them out. */
  public static final class ObjectsPruned extends CustomSumMetric {
    /** For Spark. */
    public ObjectsPruned() {}

    @Override
    public String name() {
      return PRUNED;
    }

    @Override
    public String description() {
      return "objects pruned";
    }
  }

  /** Objects, or pieces of them, that tasks opened. */
  public static final class ObjectsRead extends CustomSumMetric {
    /** For Spark. */
    public ObjectsRead() {}

    @Override
    public String name() {
      return READ;
    }

    @Override
    public String description() {
      return "objects read";
    }
  }

  /** Stored bytes of the objects or pieces that tasks opened, read or not. */
  public static final class ObjectBytes extends CustomSumMetric {
    /** For Spark. */
    public ObjectBytes() {}

    @Override
    public String name() {
      return BYTES;
    }

    @Override
    public String description() {
      return "bytes of the objects read";
    }
  }

  /** Rows that decoders gave. */
  public static final class RecordsRead extends CustomSumMetric {
    /** For Spark. */
    public RecordsRead() {}

    @Override
    public String name() {
      return RECORDS;
    }

    @Override
    public String description() {
      return "records read";
    }
  }

  /** Bad records and objects that became documents. */
  public static final class ErrorDocuments extends CustomSumMetric {
    /** For Spark. */
    public ErrorDocuments() {}

    @Override
    public String name() {
      return ERRORS;
    }

    @Override
    public String description() {
      return "bad records and objects written as errors";
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks.tpch;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.read.spi.LatestManifest;
import io.letsdata.store.ObjectStore;
import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * TPC-H's eight tables as parquet, written and read by the connectors. Money and quantities are
 * decimals, so that a sum does not depend on the order of its rows.
 *
 * @param root {@code s3://bucket/prefix}; a table's output lies under it by its name
 * @param scale TPC-H's scale factor; 1 is about a gigabyte
 */
public record TpchData(String root, double scale) {
  private static final DataType MONEY = DataTypes.createDecimalType(15, 2);

  /**
   * Writes every table; the session has to be a local one, rows are made in its tasks. A PUT a file
   * and what a commit costs.
   */
  public void write(SparkSession spark) {
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    for (TpchTable<?> table : TpchTable.getTables()) {
      String name = table.getTableName();
      double factor = scale;
      int files = files(table);
      JavaRDD<Row> rows =
          sc.parallelize(IntStream.rangeClosed(1, files).boxed().toList(), files)
              .flatMap(part -> rows(TpchTable.getTable(name), factor, part, files));
      spark
          .createDataFrame(rows, schema(table))
          .write()
          .format("letsdata-s3")
          .option("format", "parquet")
          .save(output(name));
    }
  }

  /** Names of all tables. */
  public static List<String> tables() {
    return TpchTable.getTables().stream().map(TpchTable::getTableName).toList();
  }

  /** Whether {@link #write} was done, also by another test of this JVM. One LIST a table. */
  public boolean isWritten(ObjectStore store) throws IOException {
    for (TpchTable<?> table : TpchTable.getTables()) {
      if (LatestManifest.version(store, OutputLayout.of(output(table.getTableName()))).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Makes each table a temporary view of its own name. One LIST and one GET a table. */
  public void createViews(SparkSession spark) {
    for (TpchTable<?> table : TpchTable.getTables()) {
      String name = table.getTableName();
      spark.read().format("letsdata-s3").load(output(name)).createOrReplaceTempView(name);
    }
  }

  /** {@code s3://…} of a table's output. */
  public String output(String table) {
    return root + "/" + table;
  }

  // One file is one read task: the large tables shall have several.
  private static int files(TpchTable<?> table) {
    if (table.equals(TpchTable.LINE_ITEM) || table.equals(TpchTable.ORDERS)) {
      return 4;
    }
    return table.equals(TpchTable.PART_SUPPLIER) ? 2 : 1;
  }

  private static StructType schema(TpchTable<?> table) {
    StructType schema = new StructType();
    for (TpchColumn<?> column : table.getColumns()) {
      schema = schema.add(column.getColumnName(), type(column));
    }
    return schema;
  }

  private static DataType type(TpchColumn<?> column) {
    return switch (column.getType().getBase()) {
      case INTEGER -> DataTypes.IntegerType;
      case IDENTIFIER -> DataTypes.LongType;
      case DATE -> DataTypes.DateType;
      case DOUBLE -> MONEY;
      case VARCHAR -> DataTypes.StringType;
    };
  }

  private static <E extends TpchEntity> Iterator<Row> rows(
      TpchTable<E> table, double scale, int part, int parts) {
    List<TpchColumn<E>> columns = table.getColumns();
    return StreamSupport.stream(
            table.createGenerator(scale, part, parts).spliterator(), /* parallel= */ false)
        .map(row -> RowFactory.create(columns.stream().map(c -> value(c, row)).toArray()))
        .iterator();
  }

  private static <E extends TpchEntity> Object value(TpchColumn<E> column, E row) {
    return switch (column.getType().getBase()) {
      case INTEGER -> column.getInteger(row);
      case IDENTIFIER -> column.getIdentifier(row);
      case DATE -> Date.valueOf(LocalDate.ofEpochDay(column.getDate(row)));
      // The generator divides whole cents by 100.
      case DOUBLE ->
          BigDecimal.valueOf(column.getDouble(row)).setScale(2, RoundingMode.UNNECESSARY);
      case VARCHAR -> column.getString(row);
    };
  }
}

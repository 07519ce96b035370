// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.Internal;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.AppendData;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OverwriteByExpression;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;
import scala.collection.JavaConverters;

/** A write through V2 inside the command of a V1 write. Stateless. */
@Internal
public final class NestedWrite {
  private NestedWrite() {}

  /**
   * Writes all rows to the table and returns when they are committed. The UI shows the plan as an
   * execution below the one of the command. Query listeners get no event of it: they get that of
   * the command, and one {@code save} is one event.
   *
   * @param mode append or overwrite
   * @param options of the writer
   */
  public static void run(
      Dataset<Row> data,
      Table table,
      SaveMode mode,
      scala.collection.immutable.Map<String, String> options) {
    SparkSession session = data.sparkSession();
    LogicalPlan rows = data.logicalPlan();
    DataSourceV2Relation relation =
        DataSourceV2Relation.create(
            table,
            Option.empty(),
            Option.empty(),
            new CaseInsensitiveStringMap(JavaConverters.mapAsJavaMap(options)));
    LogicalPlan write =
        mode == SaveMode.Overwrite
            ? OverwriteByExpression.byName(relation, rows, Literal.TrueLiteral(), options)
            : AppendData.byName(relation, rows, options);
    QueryExecution execution =
        session.sessionState().executePlan(write, CommandExecutionMode.NON_ROOT());
    // Query listeners get an event of executions with a name (ExecutionListenerBus, 3.5.9).
    var unused =
        SQLExecution.withNewExecutionId(
            execution, Option.empty(), () -> execution.executedPlan().executeCollect());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.options.Internal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.collection.JavaConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Makes local rows of an aggregation that the manifest answers. Spark renames the columns of such a
 * scan after its own rule for local rows has run (V2ScanRelationPushDown, 3.5.9), so that a task
 * would start for the renaming alone. Stateless.
 */
@Internal
public final class LocalAggregates extends Rule<LogicalPlan> {
  private LocalAggregates() {}

  /** Adds the rule to a session that has not got it. */
  public static void addTo(SparkSession session) {
    ExperimentalMethods methods = session.experimental();
    synchronized (methods) { // two queries of a session may be planned at once
      List<Rule<LogicalPlan>> rules =
          new ArrayList<>(JavaConverters.seqAsJavaList(methods.extraOptimizations()));
      if (rules.stream().noneMatch(LocalAggregates.class::isInstance)) {
        rules.add(new LocalAggregates());
        methods.extraOptimizations_$eq(JavaConverters.asScalaBuffer(rules).toSeq());
      }
    }
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan local = plan.transformDown(new Replacement());
    return local.fastEquals(plan) ? plan : ConvertToLocalRelation$.MODULE$.apply(local);
  }

  private static final class Replacement extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
    @Override
    public boolean isDefinedAt(LogicalPlan plan) {
      return plan instanceof DataSourceV2ScanRelation relation
          && relation.scan() instanceof AggregateScan;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      DataSourceV2ScanRelation relation = (DataSourceV2ScanRelation) plan;
      List<Attribute> output = new ArrayList<>(JavaConverters.seqAsJavaList(relation.output()));
      List<InternalRow> rows = List.of(((AggregateScan) relation.scan()).rows());
      return new LocalRelation(
          JavaConverters.asScalaBuffer(output).toSeq(),
          JavaConverters.asScalaBuffer(rows).toSeq(),
          false);
    }
  }
}

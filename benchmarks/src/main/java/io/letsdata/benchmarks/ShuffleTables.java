// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.benchmarks.CpuSeconds.Part;
import io.letsdata.store.RequestCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Collects pairs of runs, disk and S3, and prints them as Markdown. */
final class ShuffleTables {
  private record Pair(ShuffleRun disk, ShuffleRun s3) {
    double ratio() {
      return s3.seconds() / disk.seconds();
    }
  }

  private final Map<ShuffleCase, List<Pair>> direct = new LinkedHashMap<>();
  private final Map<Integer, List<Pair>> delayed = new TreeMap<>();
  private String delayedCase = "";

  void add(ShuffleCase shuffle, ShuffleRun disk, ShuffleRun s3) {
    direct.computeIfAbsent(shuffle, s -> new ArrayList<>()).add(new Pair(disk, s3));
  }

  void add(int delayMillis, ShuffleCase shuffle, ShuffleRun disk, ShuffleRun s3) {
    delayedCase = shuffle.toString();
    delayed.computeIfAbsent(delayMillis, d -> new ArrayList<>()).add(new Pair(disk, s3));
  }

  void print() {
    if (!direct.isEmpty()) {
      wall();
      parts();
    }
    if (!delayed.isEmpty()) {
      curve();
    }
  }

  private void wall() {
    System.out.println(
        "| wall, s: median (min to max) | disk | S3 | S3 / disk, pair by pair | pairs |");
    System.out.println("|---|--:|--:|--:|--:|");
    direct.forEach((shuffle, pairs) -> wallRow(shuffle.toString(), pairs));
    System.out.println();
  }

  private static void wallRow(String title, List<Pair> pairs) {
    System.out.printf(
        "| %s | %s | %s | %s | %s |%n",
        title,
        middle(pairs, pair -> pair.disk().seconds()),
        middle(pairs, pair -> pair.s3().seconds()),
        middle(pairs, Pair::ratio),
        pairs.size());
  }

  private void parts() {
    System.out.println(
        "| medians | shuffle | map stage, s | reduce stage, s | Spark, CPU s | S3 server, CPU s |"
            + " stored, MB | PUT | GET | other |");
    System.out.println("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    direct.forEach(
        (shuffle, pairs) -> {
          partsRow(shuffle + " | disk", pairs.stream().map(Pair::disk).toList());
          partsRow(shuffle + " | S3", pairs.stream().map(Pair::s3).toList());
        });
    System.out.println();
  }

  private static void partsRow(String title, List<ShuffleRun> runs) {
    RequestCounts sent = runs.get(runs.size() - 1).requests();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.2f | %.0f | %s | %d | %s |%n",
        title,
        median(runs, run -> run.stageSeconds().get(0)),
        median(runs, run -> run.stageSeconds().get(1)),
        median(runs, run -> run.cpu(Part.DRIVER)),
        median(runs, run -> run.cpu(Part.S3_SERVER)),
        median(runs, run -> run.writtenBytes() / 1e6),
        sent.put(),
        sent.get(),
        sent.requests() - sent.put() - sent.get());
  }

  private void curve() {
    System.out.println(
        "| " + delayedCase + ": ms a request | disk | S3 | S3 / disk, pair by pair | pairs |");
    System.out.println("|---|--:|--:|--:|--:|");
    delayed.forEach((millis, pairs) -> wallRow(String.valueOf(millis), pairs));
    System.out.println();
  }

  private static double median(List<ShuffleRun> runs, ToDoubleFunction<ShuffleRun> of) {
    return Spread.of(runs.stream().mapToDouble(of).boxed().toList()).median();
  }

  private static String middle(List<Pair> pairs, ToDoubleFunction<Pair> of) {
    Spread spread = Spread.of(pairs.stream().mapToDouble(of).boxed().toList());
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.min(), spread.max());
  }
}

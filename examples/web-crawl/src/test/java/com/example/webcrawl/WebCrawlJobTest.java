// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;

/** The job's transformations on plain Spark, judged by an independent reader of the same bytes. */
class WebCrawlJobTest {
  private static final int RECORDS = 300;
  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void everyPageBecomesOneRowWithItsHeadersAndWholeText(@TempDir Path folder) throws Exception {
    byte[] object = generate(0);

    List<Row> rows = WebCrawlJob.documents(read(folder, object)).collectAsList();

    int at = 0;
    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(object))) {
      for (WarcRecord record : reader) {
        if (record instanceof WarcConversion page) {
          Row row = rows.get(at++);
          byte[] body = page.body().stream().readAllBytes();
          assertThat(row.<Integer>getAs("contentLength")).isEqualTo(body.length);
          assertThat(row.<Timestamp>getAs("warcDate").toInstant()).isEqualTo(page.date());
          assertThat(row.<String>getAs("warcRecordId")).isEqualTo("<" + page.id() + ">");
          assertThat(row.<String>getAs("language")).isEqualTo(language(page));
          assertThat(row.<String>getAs("url")).isEqualTo(page.target());
          assertThat(row.<String>getAs("docId")).isEqualTo(page.target());
          assertThat(row.<String>getAs("partitionKey")).isEqualTo(page.target());
          assertThat(row.<String>getAs("docText")).isEqualTo(new String(body, UTF_8).strip());
        }
      }
    }
    assertThat(rows).hasSize(RECORDS);
    assertThat(at).isEqualTo(RECORDS);
  }

  @Test
  void percentilesAndCountsAreThoseComputedByHand(@TempDir Path folder) throws Exception {
    List<byte[]> objects = List.of(generate(0), generate(1));

    List<Row> rows =
        WebCrawlJob.contentLengths(
                WebCrawlJob.documents(read(folder, objects.toArray(byte[][]::new))))
            .collectAsList();

    List<Expected> expected = expected(objects);
    assertThat(rows).hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).<String>getAs("language")).isEqualTo(expected.get(i).language());
      assertThat(rows.get(i).<Long>getAs("# of Samples")).isEqualTo(expected.get(i).samples());
      assertThat(rows.get(i).<Double>getAs("90th Percentile ContentLength"))
          .isEqualTo(expected.get(i).percentile());
    }
  }

  @Test
  void aHeaderValueThatHoldsColonAndSpaceDoesNotShiftTheOthers() {
    Row row = document("https://a.example/?q=b: c", "Content-Length: 5", "hello\n");

    assertThat(row.<String>getAs("url")).isEqualTo("https://a.example/?q=b: c");
    assertThat(row.<Integer>getAs("contentLength")).isEqualTo(5);
  }

  @Test
  void aPayloadThatHoldsABlankLineIsNotCut() {
    Row row =
        document("https://a.example/", "Content-Length: 20", "first\r\n\r\nsecond\r\n\r\nthird\n");

    assertThat(row.<String>getAs("docText")).isEqualTo("first\r\n\r\nsecond\r\n\r\nthird");
  }

  @Test
  void aPageWithoutLanguageHasNone() {
    Row row = document("https://a.example/", "Content-Length: 5", "hello\n");

    assertThat(row.<String>getAs("language")).isNull();
  }

  @Test
  void anEmptyPageIsARowWithEmptyText() {
    Row row = document("https://a.example/", "Content-Length: 0", "");

    assertThat(row.<String>getAs("docText")).isEmpty();
  }

  @Test
  void recordsOfOtherTypesAndStrayWhiteSpaceAreLeftOut() {
    Dataset<Row> records =
        spark
            .createDataset(
                List.of("\r\n", "WARC/1.0\r\nWARC-Type: warcinfo\r\n\r\nx"), Encoders.STRING())
            .toDF("value");

    assertThat(WebCrawlJob.documents(records).collectAsList()).isEmpty();
  }

  private static Row document(String url, String lastHeader, String body) {
    String record =
        "\r\nWARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: "
            + url
            + "\r\nWARC-Date: 2023-11-28T08:34:43Z\r\n"
            + lastHeader
            + "\r\n\r\n"
            + body;
    Dataset<Row> records = spark.createDataset(List.of(record), Encoders.STRING()).toDF("value");
    return WebCrawlJob.documents(records).first();
  }

  private static Dataset<Row> read(Path folder, byte[]... objects) throws Exception {
    for (int i = 0; i < objects.length; i++) {
      Files.write(folder.resolve(i + ".warc.wet.gz"), objects[i]);
    }
    return spark
        .read()
        .format("text")
        .option("lineSep", WebCrawlJob.RECORD_SEPARATOR)
        .load(folder.toString());
  }

  private static byte[] generate(int fileNumber) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new WetGenerator(7).write(fileNumber, RECORDS, out);
    return out.toByteArray();
  }

  private record Expected(String language, double percentile, long samples) {}

  private static List<Expected> expected(List<byte[]> objects) throws Exception {
    Map<String, List<Integer>> lengths = new HashMap<>();
    for (byte[] object : objects) {
      try (WarcReader reader = new WarcReader(new ByteArrayInputStream(object))) {
        for (WarcRecord record : reader) {
          if (record instanceof WarcConversion page) {
            lengths
                .computeIfAbsent(language(page), l -> new ArrayList<>())
                .add((int) page.body().size());
          }
        }
      }
    }
    List<Expected> rows = new ArrayList<>();
    lengths.forEach(
        (language, sizes) -> rows.add(new Expected(language, ninetieth(sizes), sizes.size())));
    Comparator<String> byName = nullsFirst(naturalOrder());
    rows.sort(comparing(Expected::samples).reversed().thenComparing(Expected::language, byName));
    return rows;
  }

  /** Linear interpolation between the two neighbors, as SQL's percentile_cont. */
  private static double ninetieth(List<Integer> sizes) {
    List<Integer> sorted = sizes.stream().sorted().toList();
    double position = (sorted.size() - 1) * 0.90;
    int lower = (int) Math.floor(position);
    int upper = (int) Math.ceil(position);
    return lower == upper
        ? sorted.get(lower)
        : (upper - position) * sorted.get(lower) + (position - lower) * sorted.get(upper);
  }

  private static String language(WarcConversion page) {
    return page.headers().first("WARC-Identified-Content-Language").orElse(null);
  }
}

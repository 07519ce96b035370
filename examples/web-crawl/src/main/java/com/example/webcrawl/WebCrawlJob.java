// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How long are the pages of the web, by language? Reads WET files of Common Crawl and writes, for
 * each language, the 90th percentile of the content length and the number of pages.
 *
 * <p>Ordinary Spark code: nothing here knows where its tasks run.
 */
public final class WebCrawlJob {
  /**
   * A record's body ends in LF, then comes the WARC trailer CR LF CR LF: cut there, each row is one
   * record.
   */
  public static final String RECORD_SEPARATOR = "\n\r\n\r\n";

  private static final String WHITE_SPACE = " \t\n\u000B\f\r";
  private static final String HEADER_END = "\\r\\n\\r\\n";

  private WebCrawlJob() {}

  /**
   * Reads the files of {@code manifest} and writes the result to {@code output} as gzip JSON.
   *
   * @param manifest location of a manifest, such as {@code s3://bucket/manifest.json}
   * @param output where the result goes, such as {@code s3://bucket/result}; what is there is
   *     replaced
   */
  public static void run(SparkSession spark, String manifest, String output) {
    Dataset<Row> records =
        spark
            .read()
            .format("letsdata-s3")
            .option("manifest", manifest)
            .option("format", "text")
            .option("lineSep", RECORD_SEPARATOR)
            .load();

    contentLengths(documents(records))
        .write()
        .format("letsdata-s3")
        .option("format", "json")
        .option("compression", "gzip")
        .mode("overwrite")
        .save(output);
  }

  /**
   * The pages among the records.
   *
   * @param records one record a row in column {@code value}: WARC header, CR LF CR LF, payload
   * @return one row a conversion record; {@code language} is null when the crawler found none
   */
  public static Dataset<Row> documents(Dataset<Row> records) {
    return records
        .select(functions.trim(col("value"), WHITE_SPACE).as("record"))
        // The first blank line ends the header; a payload may hold more of them.
        .withColumn("head", expr("substring_index(record, '" + HEADER_END + "', 1)"))
        // Cut at the first ": " of a line only: values hold colons too.
        .withColumn("header", expr("str_to_map(head, '\\r\\n', ': ')"))
        .where(header("WARC-Type").equalTo("conversion"))
        .select(
            header("Content-Length").cast("int").as("contentLength"),
            header("WARC-Date").cast("timestamp").as("warcDate"),
            header("WARC-Record-ID").as("warcRecordId"),
            header("Content-Type").as("contentType"),
            header("WARC-Type").as("warcType"),
            header("WARC-Refers-To").as("warcRefersTo"),
            header("WARC-Identified-Content-Language").as("language"),
            header("WARC-Block-Digest").as("blockDigest"),
            header("WARC-Target-URI").as("url"),
            header("WARC-Target-URI").as("docId"),
            header("WARC-Target-URI").as("partitionKey"),
            expr("substring(record, length(head) + 5)").as("docText"));
  }

  /**
   * For each language the 90th percentile of the content length in bytes, and the number of pages;
   * the most frequent first.
   */
  public static Dataset<Row> contentLengths(Dataset<Row> documents) {
    return documents
        .groupBy("language")
        .agg(
            expr("percentile(contentLength, 0.90)").as("90th Percentile ContentLength"),
            count("contentLength").as("# of Samples"))
        .orderBy(col("# of Samples").desc(), col("language"));
  }

  private static Column header(String name) {
    return element_at(col("header"), name);
  }
}

// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The whole example as a driver program: generates WET files below a folder of S3, runs {@link
 * WebCrawlJob} over them and prints the result.
 *
 * <p>Arguments: the folder, such as {@code s3://bucket/crawl}; the number of files (default 4); the
 * number of pages in a file (default 2000).
 */
public final class WebCrawl {
  private static final long SEED = 20231128;
  private static final int SHOWN_LINES = 12;

  private WebCrawl() {}

  public static void main(String[] args) throws Exception {
    String folder = args[0];
    int files = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    int pages = args.length > 2 ? Integer.parseInt(args[2]) : 2000;
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      CrawlInput input =
          CrawlInput.write(
              key -> Optional.ofNullable(spark.conf().get(key, null)),
              folder + "/input",
              new WetGenerator(SEED),
              files,
              pages);
      WebCrawlJob.run(spark, input.manifest(), folder + "/result");
      ResultTable table =
          ResultTable.of(
              spark.read().format("letsdata-s3").load(folder + "/result").collectAsList());
      System.out.printf("%,d pages%n%n%s", input.pages(), table.render(SHOWN_LINES));
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Generated crawl files in S3, and the manifest that names them.
 *
 * @param manifest location of the manifest; it has every length and etag, so that reading needs no
 *     HEAD
 * @param pages conversion records in all files
 * @param textBytes uncompressed
 * @param objectBytes compressed
 */
public record CrawlInput(String manifest, long pages, long textBytes, long objectBytes) {
  private static final int THREADS = 2;

  /** One stored file as the manifest names it. */
  private record StoredFile(String location, String etag, WetGenerator.WetFile content) {
    String manifestEntry() {
      // One more row than pages: the warcinfo record.
      return "{\"location\":\"%s\",\"lengthBytes\":%d,\"etag\":\"%s\",\"rows\":%d}"
          .formatted(location, content.objectBytes(), etag, content.records() + 1);
    }
  }

  /**
   * Generates files and stores them, one PUT each, then their manifest with one PUT. Two files are
   * made at once; each passes through a temporary file.
   *
   * @param setting a Spark setting's value, by key: the files go to the S3 that {@code
   *     spark.letsdata.s3.*} names
   * @param folder such as {@code s3://bucket/input}; what is there under the same keys is replaced
   * @param files at least 1
   * @param pages in each file
   */
  public static CrawlInput write(
      Function<String, Optional<String>> setting,
      String folder,
      WetGenerator generator,
      int files,
      int pages)
      throws IOException, InterruptedException {
    try (S3Client s3 = CrawlStore.connect(setting)) {
      return write(s3, folder, generator, files, pages);
    }
  }

  static CrawlInput write(S3Client s3, String folder, WetGenerator generator, int files, int pages)
      throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<StoredFile>> running = new ArrayList<>();
      for (int number = 0; number < files; number++) {
        int fileNumber = number;
        running.add(pool.submit(() -> writeFile(s3, folder, generator, fileNumber, pages)));
      }
      List<StoredFile> stored = new ArrayList<>();
      for (Future<StoredFile> file : running) {
        stored.add(result(file));
      }
      return publish(s3, folder, stored);
    } finally {
      pool.shutdownNow();
    }
  }

  private static StoredFile writeFile(
      S3Client s3, String folder, WetGenerator generator, int fileNumber, int pages)
      throws IOException {
    Path file = Files.createTempFile("crawl", ".warc.wet.gz");
    try {
      WetGenerator.WetFile content;
      try (OutputStream out = Files.newOutputStream(file)) {
        content = generator.write(fileNumber, pages, out);
      }
      String location = folder + "/" + WetGenerator.key(fileNumber);
      return new StoredFile(location, put(s3, location, RequestBody.fromFile(file)), content);
    } finally {
      Files.delete(file);
    }
  }

  /** A snapshot manifest (manifest-format/SPEC.md, "Snapshot"). */
  private static CrawlInput publish(S3Client s3, String folder, List<StoredFile> stored) {
    String manifest =
        """
        {"letsdataManifest":1,
        "id":"%s",
        "version":1,
        "format":"text",
        "options":{"lineSep":"%s"},
        "files":[
        %s]}"""
            .formatted(
                UUID.randomUUID(),
                WebCrawlJob.RECORD_SEPARATOR.replace("\r", "\\r").replace("\n", "\\n"),
                String.join(",\n", stored.stream().map(StoredFile::manifestEntry).toList()));
    String location = folder + "/manifest.json";
    put(s3, location, RequestBody.fromString(manifest));
    return new CrawlInput(
        location,
        stored.stream().mapToLong(file -> file.content().records()).sum(),
        stored.stream().mapToLong(file -> file.content().textBytes()).sum(),
        stored.stream().mapToLong(file -> file.content().objectBytes()).sum());
  }

  /** Returns the object's etag, without quotes. */
  private static String put(S3Client s3, String location, RequestBody body) {
    URI uri = URI.create(location);
    String key = uri.getPath().substring(1);
    return s3.putObject(request -> request.bucket(uri.getAuthority()).key(key), body)
        .eTag()
        .replace("\"", "");
  }

  private static StoredFile result(Future<StoredFile> file)
      throws IOException, InterruptedException {
    try {
      return file.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("Cannot generate the input: " + e.getCause(), e.getCause());
    }
  }
}

package io.letsdata.cli.demo;

import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Generated crawl files in a store, and the manifest that names them.
 *
 * @param manifest where the manifest is; it has every length and etag, so that reading needs no
 *     HEAD
 * @param pages conversion records in all files
 * @param textBytes uncompressed
 * @param objectBytes compressed
 */
public record CrawlInput(ObjectLocation manifest, long pages, long textBytes, long objectBytes) {

  private record StoredFile(ManifestEntry file, WetGenerator.WetFile content) {}

  /**
   * Generates the files in parallel, one PUT each (more from 8 MiB on), then writes the manifest
   * with one PUT.
   *
   * @param folder a bucket and a prefix; what is there under the same keys is replaced
   * @param files at least 1
   * @param records pages a file
   * @param threads generating at once; each holds one part of 8 MiB
   */
  public static CrawlInput write(
      ObjectStore store,
      ObjectLocation folder,
      WetGenerator generator,
      int files,
      int records,
      int threads)
      throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<StoredFile>> running = new ArrayList<>();
      for (int number = 0; number < files; number++) {
        int fileNumber = number;
        running.add(pool.submit(() -> writeFile(store, folder, generator, fileNumber, records)));
      }
      List<StoredFile> stored = new ArrayList<>();
      for (Future<StoredFile> file : running) {
        stored.add(result(file));
      }
      return publish(store, folder, stored);
    } finally {
      pool.shutdownNow();
    }
  }

  private static StoredFile writeFile(
      ObjectStore store, ObjectLocation folder, WetGenerator generator, int fileNumber, int records)
      throws IOException {
    ObjectLocation location = folder.resolve(WetGenerator.key(fileNumber));
    try (ObjectOutput out = new ObjectOutput(store, location)) {
      WetGenerator.WetFile content = generator.write(fileNumber, records, out);
      String etag = out.publish();
      // One more record than pages: the warcinfo.
      OptionalLong rows = OptionalLong.of(content.records() + 1);
      return new StoredFile(
          ManifestEntry.pinned(location.toString(), content.objectBytes(), etag, rows), content);
    }
  }

  private static CrawlInput publish(
      ObjectStore store, ObjectLocation folder, List<StoredFile> stored) throws IOException {
    Snapshot manifest =
        Snapshot.of(
            UUID.randomUUID().toString(),
            1,
            "text",
            Optional.empty(),
            Map.of("lineSep", WebCrawlJob.RECORD_SEPARATOR),
            stored.stream().map(StoredFile::file).toList());
    ObjectLocation location = folder.resolve("manifest.json");
    store.put(location, ObjectContent.of(Manifests.toBytes(manifest)));
    return new CrawlInput(
        location,
        stored.stream().mapToLong(file -> file.content().records()).sum(),
        stored.stream().mapToLong(file -> file.content().textBytes()).sum(),
        stored.stream().mapToLong(file -> file.content().objectBytes()).sum());
  }

  private static StoredFile result(Future<StoredFile> file)
      throws IOException, InterruptedException {
    try {
      return file.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("generating the input failed", e.getCause());
    }
  }
}

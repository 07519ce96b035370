// SPDX-License-Identifier: Apache-2.0
package io.letsdata.benchmarks;

import io.letsdata.manifest.ColumnStats;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectList;
import io.letsdata.manifest.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a manifest's bytes to the files of a scan, as the driver does once a query: a list as long
 * as that of a whole monthly crawl (100,000 keys), and a snapshot of 10,000 files as our writer
 * publishes it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-Xmx1g")
public class ManifestParsing {
  static final int LIST_KEYS = 100_000;
  static final int SNAPSHOT_FILES = 10_000;
  private static final Optional<String> BUCKET = Optional.of("commoncrawl");

  private final byte[] list = list();
  private final byte[] gzipList = gzip(list);
  private final Snapshot manifest = snapshot();
  private final byte[] snapshot = Manifests.toBytes(manifest);

  /** Plain text, one key a line. */
  @Benchmark
  public List<ManifestEntry> textList() throws ManifestException {
    return files(list);
  }

  /** The same, gzipped, as Common Crawl publishes it. */
  @Benchmark
  public List<ManifestEntry> gzipTextList() throws ManifestException {
    return files(gzipList);
  }

  /** Our JSON: length, etag, rows and the statistics of two columns of each file. */
  @Benchmark
  public Snapshot readSnapshot() throws ManifestException {
    return (Snapshot) Manifests.parse(snapshot, "benchmark");
  }

  /** The work of a commit before its one PUT. */
  @Benchmark
  public byte[] writeSnapshot() {
    return Manifests.toBytes(manifest);
  }

  private static List<ManifestEntry> files(byte[] bytes) throws ManifestException {
    return ((ObjectList) Manifests.parse(bytes, "benchmark")).files(BUCKET, Optional.empty());
  }

  private static byte[] list() {
    StringBuilder lines = new StringBuilder(LIST_KEYS * 140);
    for (int i = 0; i < LIST_KEYS; i++) {
      lines
          .append("crawl-data/CC-MAIN-2024-10/segments/")
          .append(1_707_947_473_347L + i / 1_000)
          .append(".0/wet/CC-MAIN-20240220211055-20240221001055-")
          .append(String.format(Locale.ROOT, "%05d", i))
          .append(".warc.wet.gz\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Snapshot snapshot() {
    List<ManifestEntry> files = new ArrayList<>(SNAPSHOT_FILES);
    for (int i = 0; i < SNAPSHOT_FILES; i++) {
      files.add(
          new ManifestEntry(
              String.format(
                  Locale.ROOT,
                  "s3://bucket/out/data/5f0c7e7a-%05d-0b4cb1f0.c000.snappy.parquet",
                  i),
              OptionalLong.of(128_000_000L + i),
              Optional.of("9b2cf535f27731c974343645a398%04x".formatted(i)),
              OptionalLong.of(1_000_000),
              Map.of(
                  "language",
                  new ColumnStats(OptionalLong.of(3), Optional.of("afr"), Optional.of("zul")),
                  "length",
                  new ColumnStats(OptionalLong.of(0), Optional.of("1"), Optional.of("99999")))));
    }
    String schema =
        "{\"type\":\"struct\",\"fields\":["
            + "{\"name\":\"language\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},"
            + "{\"name\":\"length\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}";
    return Snapshot.of("benchmark", 1, "parquet", Optional.of(schema), Map.of(), files);
  }
}

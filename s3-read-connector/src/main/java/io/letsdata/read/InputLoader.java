// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import io.letsdata.manifest.ManifestDocument;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.ManifestLink;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ObjectList;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.LatestManifest;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Finds and reads the manifest that the options name. Makes no request for any data object. */
final class InputLoader {
  private final ObjectStore store;
  private final ConnectorOptions options;

  InputLoader(ObjectStore store, ConnectorOptions options) {
    this.store = store;
    this.options = options;
  }

  /**
   * Cost: {@code path} one LIST and one GET (the GET only, with {@code version}); {@code manifest}
   * on S3 one GET, two when it is a link; a local manifest and {@code manifest-text} none.
   */
  Input load() throws IOException {
    List<String> sources =
        Stream.of(ConnectorOptions.PATH, ConnectorOptions.MANIFEST, ConnectorOptions.MANIFEST_TEXT)
            .filter(name -> options.own(name).isPresent())
            .toList();
    if (sources.size() != 1) {
      throw new IllegalArgumentException(
          "Cannot read: "
              + (sources.isEmpty()
                  ? "no input is named"
                  : String.join(" and ", sources) + " are both set")
              + ". Set exactly one: load(<committed output>), or the option 'manifest' or"
              + " 'manifest-text'.");
    }
    String source = options.own(sources.get(0)).orElseThrow();
    return switch (sources.get(0)) {
      case ConnectorOptions.PATH -> committed(source);
      case ConnectorOptions.MANIFEST -> named(source.strip());
      default -> parsed(source.getBytes(StandardCharsets.UTF_8), ConnectorOptions.MANIFEST_TEXT);
    };
  }

  private Input committed(String path) throws IOException {
    OutputLayout output = OutputLayout.of(path);
    long version = options.number(ConnectorOptions.VERSION, 1, 0);
    Optional<Snapshot> manifest =
        version > 0
            ? Optional.of(LatestManifest.read(store, output, version))
            : LatestManifest.find(store, output);
    if (manifest.isEmpty()) {
      throw new ManifestException(
          "Cannot read %s: nothing is committed there (no object under s3://%s/%s). Write it first, or name a list of objects with the option 'manifest'."
              .formatted(output.output(), output.bucket(), output.manifestPrefix()));
    }
    return snapshot(manifest.get(), output.output() + " v" + manifest.get().version());
  }

  private Input named(String manifest) throws IOException {
    boolean onS3 = manifest.matches("(?i)s3[an]?://.*");
    return parsed(onS3 ? store.read(ObjectLocation.parse(manifest)) : local(manifest), manifest);
  }

  private static byte[] local(String manifest) throws IOException {
    Path path = manifest.startsWith("file:") ? Path.of(URI.create(manifest)) : Path.of(manifest);
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new ManifestException(
          "Cannot read manifest %s: no such file. Name a file, or s3://bucket/key.".formatted(path),
          e);
    }
  }

  private Input parsed(byte[] bytes, String name) throws IOException {
    ManifestDocument document = Manifests.parse(bytes, name);
    if (document instanceof ManifestLink link) {
      byte[] linked = store.read(ObjectLocation.parse(link.location()));
      return input(Manifests.parseLinked(link, linked), link.location());
    }
    return input(document, name);
  }

  private Input input(ManifestDocument document, String name) throws ManifestException {
    if (document instanceof Snapshot manifest) {
      return snapshot(manifest, name);
    }
    ObjectList list = (ObjectList) document;
    return new Input(
        name,
        list.files(options.own(ConnectorOptions.BUCKET), options.own(ConnectorOptions.TYPE)),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static Input snapshot(Snapshot manifest, String name) throws ManifestException {
    return new Input(
        name,
        manifest.files(),
        Optional.of(ObjectFormat.parse(manifest.format())),
        manifest.schemaJson().isEmpty()
            ? Optional.empty()
            : Optional.of(schema(manifest.schemaJson().get(), name)),
        manifest.options());
  }

  private static StructType schema(String json, String name) throws ManifestException {
    try {
      if (DataType.fromJson(json) instanceof StructType schema) {
        return schema;
      }
    } catch (RuntimeException e) {
      throw new ManifestException(
          "Cannot read manifest %s: its schema is none of Spark's (%s). Publish it again."
              .formatted(name, e.getMessage()),
          e);
    }
    throw new ManifestException(
        "Cannot read manifest %s: its schema is no struct. Publish it again.".formatted(name));
  }
}

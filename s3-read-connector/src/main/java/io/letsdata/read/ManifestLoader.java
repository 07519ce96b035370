// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.manifest.ManifestDocument;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.ManifestLink;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ObjectList;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.Option;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Reads the manifest that the options name. Makes no request for a data object. */
final class ManifestLoader {
  private static final List<Option<? extends Optional<?>>> SOURCES =
      List.of(ConnectorOptions.PATH, ConnectorOptions.MANIFEST, ConnectorOptions.MANIFEST_TEXT);

  private final ObjectStore store;
  private final ConnectorOptions options;

  ManifestLoader(ObjectStore store, ConnectorOptions options) {
    this.store = store;
    this.options = options;
  }

  /**
   * Loads it. {@code path} costs one LIST and one GET, with {@code version} only the GET; {@code
   * manifest} on S3 one GET, or two when it is a link; a local manifest and {@code manifest-text}
   * none.
   */
  ManifestInput load() throws IOException {
    List<Option<? extends Optional<?>>> sources = SOURCES.stream().filter(this::isSet).toList();
    if (sources.size() != 1) {
      throw new UserErrorException(
          "Cannot read: "
              + (sources.isEmpty()
                  ? "no input is named"
                  : sources.stream().map(Option::key).collect(Collectors.joining(" and "))
                      + " are both set")
              + ". Set exactly one: load(<committed output>), or the option 'manifest' or"
              + " 'manifest-text'.");
    }
    Optional<OutputLayout> output = options.get(ConnectorOptions.PATH);
    Optional<String> manifest = options.get(ConnectorOptions.MANIFEST);
    if (output.isPresent()) {
      return committed(output.get());
    }
    return manifest.isPresent()
        ? named(manifest.get().strip())
        : parsed(
            options.get(ConnectorOptions.MANIFEST_TEXT).orElseThrow().getBytes(UTF_8),
            ConnectorOptions.MANIFEST_TEXT.key());
  }

  private boolean isSet(Option<? extends Optional<?>> option) {
    return options.get(option).isPresent();
  }

  private ManifestInput committed(OutputLayout output) throws IOException {
    ManifestLog log = new ManifestLog(store, output);
    Optional<Long> version = options.get(ConnectorOptions.VERSION);
    Optional<Snapshot> manifest =
        version.isPresent() ? Optional.of(log.read(version.get())) : log.latest();
    if (manifest.isEmpty()) {
      throw new ManifestException(
          "Cannot read %s: no version is committed there (no object under s3://%s/%s). Write it first, or name a list of objects with the option 'manifest'."
              .formatted(output.output(), output.bucket(), output.manifestPrefix()));
    }
    return snapshot(manifest.get(), output.output() + " v" + manifest.get().version());
  }

  private ManifestInput named(String manifest) throws IOException {
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

  private ManifestInput parsed(byte[] bytes, String name) throws IOException {
    ManifestDocument document = Manifests.parse(bytes, name);
    if (document instanceof ManifestLink link) {
      byte[] linked = store.read(ObjectLocation.parse(link.location()));
      return input(Manifests.parseLinked(link, linked), link.location());
    }
    return input(document, name);
  }

  private ManifestInput input(ManifestDocument document, String name) throws ManifestException {
    if (document instanceof Snapshot manifest) {
      return snapshot(manifest, name);
    }
    ObjectList list = (ObjectList) document;
    return new ManifestInput(
        name,
        list.files(options.get(ConnectorOptions.BUCKET), options.get(ConnectorOptions.TYPE)),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static ManifestInput snapshot(Snapshot manifest, String name) throws ManifestException {
    return new ManifestInput(
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
          "Cannot read manifest %s: its schema is not a schema of Spark (%s). Publish it again."
              .formatted(name, e.getMessage()),
          e);
    }
    throw new ManifestException(
        "Cannot read manifest %s: its schema is not a struct. Publish it again.".formatted(name));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.manifest.ManifestDocument;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.ManifestLink;
import io.letsdata.manifest.Manifests;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.ObjectList;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.ReaderOptions;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Option;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ConnectorOptions;
import io.letsdata.read.spi.ManifestBytes;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.read.spi.StoredSchema;
import io.letsdata.read.spi.VersionHold;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/** Reads the manifest that the options name. Makes no request for a data object. */
final class ManifestLoader {
  private static final List<Option<? extends Optional<?>>> SOURCES =
      List.of(ConnectorOptions.PATH, ConnectorOptions.MANIFEST, ConnectorOptions.MANIFEST_TEXT);

  /** In which DataFrameReader passes {@code load(a, b)} (Spark 3.5.9), as a JSON array. */
  private static final String PATHS = "paths";

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
    if (options.rest().containsKey(PATHS)) {
      throw new UserErrorException(
          "Cannot read several paths at once: %s. Load each, and join them with unionByName."
              .formatted(options.rest().get(PATHS)));
    }
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
            ConnectorOptions.MANIFEST_TEXT.key(),
            ManifestScope.everywhere());
  }

  private boolean isSet(Option<? extends Optional<?>> option) {
    return options.get(option).isPresent();
  }

  private ManifestInput committed(OutputLayout output) throws IOException {
    ManifestLog log = new ManifestLog(store, output);
    Optional<Long> version = options.get(ConnectorOptions.VERSION);
    long number = version.isPresent() ? version.get() : log.latestVersion();
    Optional<Duration> hold = options.get(ConnectorOptions.HOLD);
    if (hold.isPresent() && number > 0) {
      // Before the manifest is read: a version that is not expired then stays.
      VersionHold unused = VersionHold.declare(store, output, number, hold.get());
    }
    Optional<Snapshot> manifest = number == 0 ? Optional.empty() : Optional.of(log.read(number));
    if (manifest.isEmpty()) {
      throw new ManifestException(
          "Cannot read %s: no version is committed there (no object under s3://%s/%s). Write it first, or name a list of objects with the option 'manifest'."
              .formatted(output.output(), output.bucket(), output.manifestPrefix()));
    }
    String name = output.output() + " v" + manifest.get().version();
    if (manifest.get().state() != VersionState.LIVE) {
      throw new ManifestException(
          "Cannot read manifest %s: the version is expired. Read a later one.".formatted(name));
    }
    return snapshot(
        manifest.get(),
        log.allFiles(manifest.get()),
        name,
        new ManifestScope(Optional.of(output), otherBuckets()));
  }

  private Set<String> otherBuckets() {
    return options.get(ConnectorOptions.OTHER_BUCKETS).orElse(Set.of());
  }

  private ManifestInput named(String manifest) throws IOException {
    if (!manifest.matches("(?i)s3[an]?://.*")) {
      return parsed(local(manifest), manifest, ManifestScope.everywhere());
    }
    ObjectLocation location = ObjectLocation.parse(manifest);
    ManifestScope scope =
        new ManifestScope(Optional.empty(), otherBuckets())
            .plus(Set.of(location.bucket()))
            .plus(options.get(ConnectorOptions.BUCKET).map(Set::of).orElse(Set.of()));
    return parsed(ManifestBytes.read(store, location), manifest, scope);
  }

  private static byte[] local(String manifest) throws IOException {
    Path path = manifest.startsWith("file:") ? Path.of(URI.create(manifest)) : Path.of(manifest);
    try {
      Manifests.requireSize(Files.size(path), manifest);
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new ManifestException(
          "Cannot read manifest %s: no such file. Name a file, or s3://bucket/key.".formatted(path),
          e);
    }
  }

  private ManifestInput parsed(byte[] bytes, String name, ManifestScope scope) throws IOException {
    ManifestDocument document = Manifests.parse(bytes, name);
    if (document instanceof ManifestLink link) {
      ObjectLocation location = ObjectLocation.parse(link.location());
      scope.require(location.bucket(), location.key(), name);
      return input(
          Manifests.parseLinked(link, ManifestBytes.read(store, location)), link.location(), scope);
    }
    return input(document, name, scope);
  }

  private ManifestInput input(ManifestDocument document, String name, ManifestScope scope)
      throws IOException {
    if (document instanceof Snapshot manifest) {
      return snapshot(manifest, filesOf(manifest, name), name, scope);
    }
    ObjectList list = (ObjectList) document;
    List<ManifestEntry> files =
        list.files(options.get(ConnectorOptions.BUCKET), options.get(ConnectorOptions.TYPE));
    scope.requireAll(files, name);
    return new ManifestInput(name, files, Optional.empty(), Optional.empty(), Map.of());
  }

  /** The files of a snapshot that is not the version of a known output. */
  private List<ManifestEntry> filesOf(Snapshot manifest, String name) throws IOException {
    if (manifest.parts().isEmpty()) {
      return manifest.files();
    }
    OutputLayout output =
        OutputLayout.ofManifest(name)
            .orElseThrow(
                () ->
                    new ManifestException(
                        "Cannot read manifest %s: its files are in parts, which are beside the manifest of an output only. Read the output: load(\"s3://bucket/prefix\")."
                            .formatted(name)));
    return new ManifestLog(store, output).allFiles(manifest);
  }

  private static ManifestInput snapshot(
      Snapshot manifest, List<ManifestEntry> files, String name, ManifestScope scope)
      throws ManifestException {
    ObjectFormat format = ObjectFormat.parse(manifest.format());
    Optional<String> refused = ReaderOptions.firstRefused(format, manifest.options().keySet());
    if (refused.isPresent()) {
      throw new ManifestException(
          "Cannot read manifest %s: it sets the option '%s', which a manifest of format %s may not. If you trust it, publish it without the option and set that in the read."
              .formatted(name, refused.get(), format.text()));
    }
    scope.requireAll(files, name);
    return new ManifestInput(
        name,
        files,
        Optional.of(format),
        manifest.schemaJson().isEmpty()
            ? Optional.empty()
            : Optional.of(schema(manifest.schemaJson().get(), name)),
        manifest.options());
  }

  private static StructType schema(String json, String name) throws ManifestException {
    try {
      return StoredSchema.parse(json);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          "Cannot read manifest %s: %s. Publish it again.".formatted(name, e.getMessage()), e);
    }
  }
}

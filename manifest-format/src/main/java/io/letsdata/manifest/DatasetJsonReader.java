// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.manifest.json.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * LetsData's {@code manifestFile} JSON: the object itself, the object under {@code manifestFile},
 * or a whole dataset, whose {@code readConnector.bucketName} is then the bucket of bare keys. All
 * other fields are ignored: the format belongs to LetsData.
 */
final class DatasetJsonReader {
  /** It is parsed as a tree, which takes many times its bytes. */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper(JsonFields.JSON);

  private DatasetJsonReader() {}

  static ManifestDocument read(byte[] bytes, int start, String sourceName, int maxEntries)
      throws IOException {
    if (bytes.length - start > MAX_BYTES) {
      throw ManifestException.unreadable(
          sourceName,
          "LetsData's JSON of more than %s bytes. Store the list as an object of its own and link to it with S3ReaderS3LinkManifestFile."
              .formatted(MAX_BYTES));
    }
    JsonNode root = JSON.readTree(bytes, start, bytes.length - start);
    JsonNode manifest = root.has("manifestFile") ? root.get("manifestFile") : root;
    if (!manifest.isObject() || !manifest.has("manifestType")) {
      throw ManifestException.unreadable(
          sourceName,
          "a JSON object whose first field is not '%s' and which has no 'manifestType'. Name a manifest."
              .formatted(SnapshotReader.VERSION_FIELD));
    }
    Optional<String> bucket = text(root.path("readConnector"), "bucketName", sourceName);
    String type = required(manifest, "manifestType", sourceName);
    return switch (type.replaceAll("[\\s_-]", "").toUpperCase(Locale.ROOT)) {
      case "S3READERTEXTMANIFESTFILE" ->
          ObjectListReader.read(
              required(manifest, "fileContents", sourceName).getBytes(StandardCharsets.UTF_8),
              0,
              sourceName + " 'fileContents'",
              bucket,
              maxEntries);
      case "S3READERS3LINKMANIFESTFILE" ->
          link(required(manifest, "manifestFileS3Uri", sourceName), bucket, sourceName);
      default ->
          throw ManifestException.unreadable(
              sourceName,
              "unknown manifestType '%s'. Use S3ReaderTextManifestFile or S3ReaderS3LinkManifestFile."
                  .formatted(type));
    };
  }

  private static ManifestLink link(String uri, Optional<String> bucket, String sourceName)
      throws ManifestException {
    try {
      return new ManifestLink(Locations.resolve(uri, Optional.empty()), bucket);
    } catch (IllegalArgumentException e) {
      throw ManifestException.unreadable(
          sourceName, "manifestFileS3Uri: '" + uri + "' is not s3://bucket/key. Fix it.");
    }
  }

  private static String required(JsonNode node, String name, String sourceName)
      throws ManifestException {
    return text(node, name, sourceName)
        .orElseThrow(
            () -> ManifestException.unreadable(sourceName, "'" + name + "' is missing. Add it."));
  }

  private static Optional<String> text(JsonNode node, String name, String sourceName)
      throws ManifestException {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw ManifestException.unreadable(
          sourceName, "'" + name + "' must be a string, not " + value.getNodeType() + ". Fix it.");
    }
    return Optional.of(value.textValue());
  }
}

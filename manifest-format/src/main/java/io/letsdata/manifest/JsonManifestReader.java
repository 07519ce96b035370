// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.letsdata.manifest.json.JsonFields;
import java.io.IOException;

/**
 * Reads JSON manifests: chooses the snapshot or LetsData's dataset JSON by the first field, and
 * translates the failures of the parser.
 */
final class JsonManifestReader {
  private JsonManifestReader() {}

  static ManifestDocument read(byte[] bytes, int start, String sourceName, int maxEntries)
      throws ManifestException {
    try (JsonParser parser = JsonFields.JSON.createParser(bytes, start, bytes.length - start)) {
      parser.nextToken();
      return parser.nextToken() == JsonToken.FIELD_NAME
              && parser.currentName().equals(SnapshotReader.VERSION_FIELD)
          ? new SnapshotReader(parser, sourceName, start, maxEntries).read()
          : DatasetJsonReader.read(bytes, start, sourceName, maxEntries);
    } catch (JsonProcessingException e) {
      throw new ManifestException(
          "Cannot read manifest %s: not JSON, %s: %s. Fix it, or begin the line of a list with s3:// when its key begins with '{'."
              .formatted(sourceName, JsonFields.at(e.getLocation(), start), e.getOriginalMessage()),
          e);
    } catch (ManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new ManifestException(
          "Cannot read manifest %s: not UTF-8 JSON (%s). Save it as UTF-8."
              .formatted(sourceName, e.getMessage()),
          e);
    }
  }
}

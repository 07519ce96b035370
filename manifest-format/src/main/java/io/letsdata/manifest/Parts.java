// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.letsdata.manifest.json.JsonFields;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.PartitionRange;
import io.letsdata.options.Internal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Parts of an output's list of files, as bytes (SPEC.md, "Parts"). Stateless. */
@Internal
public final class Parts {
  private static final String VERSION_FIELD = "letsdataPart";
  private static final int FORMAT_VERSION = 1;

  private Parts() {}

  /** The only byte form of a part with these entries. */
  public static byte[] toBytes(List<ManifestEntry> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.JSON.createGenerator(out)) {
      json.setPrettyPrinter(new EntryWriter.OneEntryPerLine());
      json.writeStartObject();
      json.writeNumberField(VERSION_FIELD, FORMAT_VERSION);
      json.writeArrayFieldStart("files");
      for (ManifestEntry file : files) {
        EntryWriter.write(file, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The bytes that an entry adds to a part or a manifest, its separator included. */
  public static int lengthOf(ManifestEntry file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.JSON.createGenerator(out)) {
      EntryWriter.write(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.size() + 2;
  }

  /**
   * The reference to a part.
   *
   * @param name of its object
   * @param bytes as {@link #toBytes} gave them for {@code files}
   */
  public static PartRef reference(String name, byte[] bytes, List<ManifestEntry> files) {
    return new PartRef(
        name,
        bytes.length,
        sha256(bytes),
        files.size(),
        ManifestEntry.totalRows(files),
        ManifestEntry.totalBytes(files),
        PartitionRange.of(files.stream().map(ManifestEntry::partition).toList()));
  }

  /**
   * Reads a part.
   *
   * @param sourceName name of the object, for messages
   * @throws ManifestException when the bytes are not those to which {@code part} refers
   */
  public static List<ManifestEntry> parse(byte[] bytes, PartRef part, String sourceName)
      throws ManifestException {
    if (bytes.length != part.lengthBytes() || !sha256(bytes).equals(part.sha256())) {
      throw ManifestException.unreadable(
          sourceName,
          "it has %s bytes with SHA-256 %s, and the manifest names %s bytes with %s. Restore the object, or roll the output back."
              .formatted(bytes.length, sha256(bytes), part.lengthBytes(), part.sha256()));
    }
    List<ManifestEntry> files = parse(bytes, sourceName);
    if (files.size() != part.files()) {
      throw ManifestException.unreadable(
          sourceName,
          "it has %s files, and the manifest names %s. Roll the output back."
              .formatted(files.size(), part.files()));
    }
    return files;
  }

  static List<ManifestEntry> parse(byte[] bytes, String sourceName) throws ManifestException {
    try (JsonParser parser = JsonFields.JSON.createParser(bytes)) {
      JsonFields fields =
          new JsonFields(parser, 0, why -> ManifestException.unreadable(sourceName, why));
      if (parser.nextToken() != JsonToken.START_OBJECT
          || parser.nextToken() != JsonToken.FIELD_NAME
          || !parser.currentName().equals(VERSION_FIELD)) {
        throw fields.unreadable("not a part of a manifest. Restore the object");
      }
      parser.nextToken();
      if (fields.number(VERSION_FIELD, 1) != FORMAT_VERSION) {
        throw fields.unreadable(
            "format version %s, but this reader knows only %s. Upgrade the connector"
                .formatted(parser.getText(), FORMAT_VERSION));
      }
      List<ManifestEntry> files = List.of();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("files")) {
          files = new EntryReader(fields, Manifests.MAX_ENTRIES).files();
        } else {
          fields.ignoreOrReject(name);
        }
      }
      if (parser.nextToken() != null) {
        throw fields.unreadable("more data after the end of the part. Remove it");
      }
      return files;
    } catch (JsonProcessingException e) {
      throw new ManifestException(
          "Cannot read manifest %s: not JSON, %s: %s. Restore the object."
              .formatted(sourceName, JsonFields.at(e.getLocation(), 0), e.getOriginalMessage()),
          e);
    } catch (ManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new ManifestException(
          "Cannot read manifest %s: not UTF-8 JSON (%s). Restore the object."
              .formatted(sourceName, e.getMessage()),
          e);
    }
  }

  /** An entry as JSON on one line, for messages between processes. */
  public static String toJson(ManifestEntry file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.JSON.createGenerator(out)) {
      EntryWriter.write(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The entry of {@link #toJson}. */
  public static ManifestEntry ofJson(String text) throws ManifestException {
    try (JsonParser parser = JsonFields.JSON.createParser(text)) {
      JsonFields fields =
          new JsonFields(parser, 0, why -> ManifestException.unreadable("entry", why));
      JsonToken unused = parser.nextToken();
      return new EntryReader(fields, Manifests.MAX_ENTRIES).file();
    } catch (ManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new ManifestException(
          "Cannot read manifest entry: not JSON (%s). Write it again.".formatted(e.getMessage()),
          e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

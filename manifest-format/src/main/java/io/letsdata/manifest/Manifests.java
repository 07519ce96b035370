// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import io.letsdata.options.Internal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Parses manifests and writes snapshots (SPEC.md). Stateless; closes no stream of the caller; makes
 * no request.
 *
 * <p>The bytes decide the kind: gzip is unpacked once; a JSON object is a snapshot or LetsData's
 * JSON; all else is a list.
 */
@Internal
public final class Manifests {
  /** Largest manifest, unpacked: about two million keys. */
  public static final int MAX_BYTES = 256 * 1024 * 1024;

  private Manifests() {}

  /**
   * Parses any kind of manifest.
   *
   * @param bytes may be empty: an empty list
   * @param sourceName name of the manifest, for messages
   * @throws ManifestException with line, column or byte
   */
  public static ManifestDocument parse(byte[] bytes, String sourceName) throws ManifestException {
    byte[] plain = isGzip(bytes) ? unzip(bytes, sourceName) : bytes;
    int start = startsWith(plain, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    int first = start;
    while (first < plain.length && plain[first] <= ' ' && plain[first] >= 0) {
      first++;
    }
    return first < plain.length && plain[first] == '{'
        ? JsonManifestReader.read(plain, start, sourceName)
        : ObjectListReader.read(plain, start, sourceName, Optional.empty());
  }

  /**
   * Reads {@code in} to its end and parses it.
   *
   * @throws IOException as thrown by {@code in}; a {@link ManifestException} also when there are
   *     more than {@link #MAX_BYTES}
   */
  public static ManifestDocument parse(InputStream in, String sourceName) throws IOException {
    return parse(readBounded(in, sourceName), sourceName);
  }

  /**
   * Parses the manifest that {@code link} names: a list or a snapshot.
   *
   * @throws ManifestException also when it is a link again
   */
  public static ManifestDocument parseLinked(ManifestLink link, byte[] bytes)
      throws ManifestException {
    ManifestDocument document = parse(bytes, link.location());
    if (document instanceof ManifestLink next) {
      throw ManifestException.unreadable(
          link.location(),
          "the linked manifest is a link to " + next.location() + ". Link to the list itself.");
    }
    if (document instanceof ObjectList list && list.defaultBucket().isEmpty()) {
      return new ObjectList(list.sourceName(), list.lines(), link.defaultBucket());
    }
    return document;
  }

  /**
   * The only byte form of {@code manifest}: UTF-8, one entry per line, the same bytes for equal
   * manifests.
   */
  public static byte[] toBytes(Snapshot manifest) {
    return SnapshotWriter.toBytes(manifest);
  }

  private static boolean isGzip(byte[] bytes) {
    return startsWith(bytes, 0x1f, 0x8b);
  }

  private static boolean startsWith(byte[] bytes, int... expected) {
    if (bytes.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] unzip(byte[] bytes, String sourceName) throws ManifestException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return readBounded(in, sourceName);
    } catch (EOFException e) {
      throw new ManifestException(
          "Cannot read manifest %s: the gzip data ends early, at byte %d. Upload it again."
              .formatted(sourceName, bytes.length),
          e);
    } catch (ZipException e) {
      throw new ManifestException(
          "Cannot read manifest %s: broken gzip data (%s). Upload it again."
              .formatted(sourceName, e.getMessage()),
          e);
    } catch (ManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("no IO in memory", e);
    }
  }

  private static byte[] readBounded(InputStream in, String sourceName) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (out.size() + n > MAX_BYTES) {
        throw ManifestException.unreadable(
            sourceName, "larger than " + MAX_BYTES + " bytes. Split it into several.");
      }
      out.write(buffer, 0, n);
    }
    return out.toByteArray();
  }
}

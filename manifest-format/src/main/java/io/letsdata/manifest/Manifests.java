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
  /** Largest manifest, as it is stored and unpacked: about two million keys. */
  public static final int MAX_BYTES = 256 * 1024 * 1024;

  /** Most objects of a manifest, and most column statistics of all its objects together. */
  public static final int MAX_ENTRIES = 5_000_000;

  /** Part of the heap that an unpacked manifest may take; its entries take as much again. */
  private static final int HEAP_PART = 4;

  /** Heap for each entry, three times of what one with a short key takes. */
  private static final int HEAP_BYTES_PER_ENTRY = 400;

  private Manifests() {}

  /**
   * Parses any kind of manifest.
   *
   * @param bytes may be empty: an empty list
   * @param sourceName name of the manifest, for messages
   * @throws ManifestException with line, column or byte; also beyond {@link #MAX_BYTES} or {@link
   *     #MAX_ENTRIES}, or what this JVM has memory for, before memory is used for the rest
   */
  public static ManifestDocument parse(byte[] bytes, String sourceName) throws ManifestException {
    long heap = Runtime.getRuntime().maxMemory();
    return parse(bytes, sourceName, (int) Math.min(MAX_ENTRIES, heap / HEAP_BYTES_PER_ENTRY));
  }

  static ManifestDocument parse(byte[] bytes, String sourceName, int maxEntries)
      throws ManifestException {
    requireSize(bytes.length, sourceName);
    byte[] plain = isGzip(bytes) ? unzip(bytes, sourceName) : bytes;
    int start = startsWith(plain, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    int first = start;
    while (first < plain.length && plain[first] <= ' ' && plain[first] >= 0) {
      first++;
    }
    return first < plain.length && plain[first] == '{'
        ? JsonManifestReader.read(plain, start, sourceName, maxEntries)
        : ObjectListReader.read(plain, start, sourceName, Optional.empty(), maxEntries);
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

  /**
   * Refuses a manifest that is too large, before it is read.
   *
   * @param lengthBytes as it is stored
   */
  public static void requireSize(long lengthBytes, String sourceName) throws ManifestException {
    if (lengthBytes > MAX_BYTES) {
      throw tooLarge(sourceName);
    }
  }

  private static ManifestException tooLarge(String sourceName) {
    return ManifestException.unreadable(
        sourceName, "larger than " + MAX_BYTES + " bytes. Split it into several.");
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
    try {
      // Twice, because a small object may unpack to any length: first to count, then into memory.
      byte[] plain = new byte[unzippedBytes(bytes, sourceName)];
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        int unused = in.readNBytes(plain, 0, plain.length);
      }
      return plain;
    } catch (EOFException e) {
      throw new ManifestException(
          "Cannot read manifest %s: the gzip data ends early, at byte %s. Upload it again."
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

  private static int unzippedBytes(byte[] bytes, String sourceName) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] buffer = new byte[64 * 1024];
      long length = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        length += n;
        requireSize(length, sourceName);
      }
      if (length > Runtime.getRuntime().maxMemory() / HEAP_PART) {
        throw ManifestException.unreadable(
            sourceName,
            "it unpacks to more than a quarter of this JVM's memory. Raise spark.driver.memory, or"
                + " split it into several.");
      }
      return (int) length;
    }
  }

  private static byte[] readBounded(InputStream in, String sourceName) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (out.size() + n > MAX_BYTES) {
        throw tooLarge(sourceName);
      }
      out.write(buffer, 0, n);
    }
    return out.toByteArray();
  }
}

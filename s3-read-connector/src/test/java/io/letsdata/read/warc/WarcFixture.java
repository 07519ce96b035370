// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Builds WARC objects byte by byte, as crawlers write them. */
public final class WarcFixture {
  private final List<byte[]> records = new ArrayList<>();
  private String lineEnd = "\r\n";

  /** A file as hand editors leave it. */
  public WarcFixture withLfLineEnds() {
    lineEnd = "\n";
    return this;
  }

  public WarcFixture warcinfo() {
    return record(
        "Warcinfo-Text: x\r\n",
        "WARC-Type: warcinfo",
        "WARC-Date: 2023-11-28T08:34:43Z",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>",
        "Content-Type: application/warc-fields");
  }

  /** As in a WET file. */
  public WarcFixture conversion(int number, String language, String text) {
    List<String> headers =
        new ArrayList<>(
            List.of(
                "WARC-Type: conversion",
                "WARC-Target-URI: https://example.org/" + number,
                "WARC-Date: 2023-11-28T09:00:0" + number % 10 + "Z",
                "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0001-%012d>".formatted(number),
                "WARC-Refers-To: <urn:uuid:00000000-0000-0000-0002-%012d>".formatted(number),
                "WARC-Block-Digest: sha1:AAAA"));
    if (!language.isEmpty()) {
      headers.add("WARC-Identified-Content-Language: " + language);
    }
    headers.add("Content-Type: text/plain");
    return record(text, headers.toArray(String[]::new));
  }

  /** As in a WARC file. */
  public WarcFixture response(String http) {
    return record(
        http,
        "WARC-Type: response",
        "WARC-Target-URI: <https://example.org/>",
        "WARC-Date: 2023",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0003-000000000000>",
        "WARC-Concurrent-To: <urn:a>",
        "WARC-Concurrent-To: <urn:b>",
        "WARC-Payload-Digest: sha1:BBBB",
        "Content-Type: application/http; msgtype=response");
  }

  public WarcFixture record(String block, String... headers) {
    byte[] bytes = block.getBytes(UTF_8);
    String head =
        "WARC/1.0"
            + lineEnd
            + String.join(lineEnd, headers)
            + lineEnd
            + "Content-Length: "
            + bytes.length
            + lineEnd
            + lineEnd;
    return raw(head, bytes, lineEnd + lineEnd);
  }

  private WarcFixture raw(String head, byte[] block, String trailer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(UTF_8));
    out.writeBytes(block);
    out.writeBytes(trailer.getBytes(UTF_8));
    records.add(out.toByteArray());
    return this;
  }

  public byte[] plain() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** One gzip member a record. */
  public byte[] gzip() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(record -> out.writeBytes(gzip(record)));
    return out.toByteArray();
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

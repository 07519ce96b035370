// SPDX-License-Identifier: Apache-2.0
package com.example.webcrawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.Warcinfo;

class WetGeneratorTest {
  private static final long SEED = 20231128;
  private static final int RECORDS = 3000;
  private static final List<String> HEADER_ORDER =
      List.of(
          "WARC-Type",
          "WARC-Target-URI",
          "WARC-Date",
          "WARC-Record-ID",
          "WARC-Refers-To",
          "WARC-Block-Digest",
          "WARC-Identified-Content-Language",
          "Content-Type",
          "Content-Length");

  private final WetGenerator generator = new WetGenerator(SEED);

  @Test
  void anIndependentReaderFindsAWarcinfoAndThenOnlyConversions() throws Exception {
    byte[] object = generate(0, RECORDS);

    int conversions = 0;
    Set<String> ids = new HashSet<>();
    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(object))) {
      assertThat(reader.next()).get().isInstanceOf(Warcinfo.class);
      for (WarcRecord record : reader) {
        assertThat(record).isInstanceOf(WarcConversion.class);
        assertThat(record.type()).isEqualTo("conversion");
        assertThat(((WarcConversion) record).target()).startsWith("http");
        assertThat(((WarcConversion) record).targetURI().getHost()).contains("site");
        assertThat(record.date()).isBetween("2023-11-28T08:34:43Z", "2023-11-28T11:34:43Z");
        assertThat(ids.add(record.id().toString())).isTrue();
        conversions++;
      }
    }

    assertThat(conversions).isEqualTo(RECORDS);
  }

  @Test
  void lengthsAndDigestsAreThoseOfTheBodies() throws Exception {
    byte[] object = generate(0, RECORDS);

    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(object))) {
      for (WarcRecord record : reader) {
        byte[] body = record.body().stream().readAllBytes();
        byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(body);
        assertThat(record.body().size()).isEqualTo(body.length);
        assertThat(record.blockDigest()).get().extracting(d -> d.base32()).isEqualTo(base32(sha1));
      }
    }
  }

  @Test
  void everyRecordIsAGzipMemberOfItsOwnWithCrLfHeadersAndLfBody() throws Exception {
    List<byte[]> members = members(generate(1, 200));

    assertThat(members).hasSize(201);
    for (byte[] member : members.subList(1, members.size())) {
      String record = utf8(member);
      String head = record.substring(0, record.indexOf("\r\n\r\n"));
      String body = record.substring(head.length() + 4, record.length() - 4);
      assertThat(head).startsWith("WARC/1.0\r\nWARC-Type: conversion\r\n");
      assertThat(head.replace("\r\n", "")).doesNotContain("\r", "\n");
      assertThat(record).endsWith("\n\r\n\r\n");
      assertThat(body).endsWith("\n");
      assertThat(body.replace("\r\n\r\n", "")).doesNotContain("\r");
    }
  }

  @Test
  void headersStandInTheOrderOfRealCrawls() throws Exception {
    for (byte[] member : members(generate(1, 500)).subList(1, 501)) {
      String record = utf8(member);
      List<String> names = new ArrayList<>();
      for (String line : record.substring(10, record.indexOf("\r\n\r\n")).split("\r\n", -1)) {
        names.add(line.substring(0, line.indexOf(": ")));
      }
      List<String> expected = new ArrayList<>(HEADER_ORDER);
      expected.removeIf(name -> name.endsWith("Language") && !names.contains(name));
      assertThat(names).isEqualTo(expected);
    }
  }

  @Test
  void languagesAreSkewedListedAndSometimesMissing() throws Exception {
    Map<String, Integer> pages = new TreeMap<>();
    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(generate(2, RECORDS)))) {
      for (WarcRecord record : reader) {
        pages.merge(
            record.headers().first("WARC-Identified-Content-Language").orElse("none"),
            1,
            Integer::sum);
      }
    }

    assertThat(pages).containsKeys("none", "rus", "jpn", "jpn,eng", "zho", "ara", "ell");
    assertThat(pages.get("eng")).isBetween(RECORDS * 35 / 100, RECORDS * 50 / 100);
    assertThat(pages.get("none")).isBetween(2, RECORDS * 4 / 100);
    assertThat(pages.get("jpn")).isLessThan(RECORDS / 10);
  }

  @Test
  void someBodiesHoldABlankLineOfCrLfThatNoLfPrecedes() throws Exception {
    int holding = 0;
    for (byte[] member : members(generate(3, RECORDS)).subList(1, RECORDS + 1)) {
      String record = utf8(member);
      int bodyStart = record.indexOf("\r\n\r\n") + 4;
      int found = record.indexOf("\r\n\r\n", bodyStart);
      if (found < record.length() - 4) {
        holding++;
        assertThat(record.indexOf("\n\r\n\r\n", bodyStart)).isEqualTo(record.length() - 5);
      }
    }

    assertThat(holding).isBetween(RECORDS / 200, RECORDS / 20);
  }

  @Test
  void theSameSeedGivesTheSameBytesAndFilesDiffer() throws Exception {
    byte[] once = generate(4, 50);
    ByteArrayOutputStream again = new ByteArrayOutputStream();

    new WetGenerator(SEED).write(4, 50, again);

    assertThat(again.toByteArray()).isEqualTo(once);
    assertThat(generate(5, 50)).isNotEqualTo(once);
  }

  @Test
  void theTextOfTheFirstRecordsIsFixed() throws Exception {
    byte[] text = new GZIPInputStream(new ByteArrayInputStream(generate(0, 100))).readAllBytes();

    byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text);
    assertThat(base32(sha1)).isEqualTo("TU2ICU6EWV74RGQDSXMYKLJRDXBHGE5L");
  }

  @Test
  void reportHasRecordsAndBytesOfTheFile() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    WetGenerator.WetFile file = generator.write(0, 20, out);

    byte[] text = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
    assertThat(file).isEqualTo(new WetGenerator.WetFile(20, text.length, out.size()));
  }

  @Test
  void aFileWithoutPagesHoldsOnlyTheWarcinfo() throws Exception {
    assertThat(members(generate(0, 0))).hasSize(1);
  }

  private byte[] generate(int fileNumber, int records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    generator.write(fileNumber, records, out);
    return out.toByteArray();
  }

  /** Splits by inflating raw members, without a gzip reader that would join them. */
  private static List<byte[]> members(byte[] object) throws Exception {
    List<byte[]> members = new ArrayList<>();
    for (int at = 0; at < object.length; ) {
      assertThat(ByteBuffer.wrap(object, at, 4).getInt()).isEqualTo(0x1f8b0800);
      Inflater inflater = new Inflater(true);
      inflater.setInput(object, at + 10, object.length - at - 10);
      ByteArrayOutputStream member = new ByteArrayOutputStream();
      byte[] block = new byte[8192];
      while (!inflater.finished()) {
        member.write(block, 0, inflater.inflate(block));
      }
      at += 10 + (int) inflater.getBytesRead() + 8;
      inflater.end();
      members.add(member.toByteArray());
    }
    try (InputStream joined = new GZIPInputStream(new ByteArrayInputStream(object))) {
      int sum = members.stream().mapToInt(member -> member.length).sum();
      assertThat(joined.readAllBytes()).hasSize(sum);
    }
    return members;
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static String base32(byte[] bytes) {
    StringBuilder bits = new StringBuilder();
    for (byte b : bytes) {
      bits.append(Integer.toBinaryString((b & 0xFF) | 0x100).substring(1));
    }
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < bits.length(); i += 5) {
      digits.append(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Integer.parseInt(bits.substring(i, i + 5), 2)));
    }
    return digits.toString();
  }
}

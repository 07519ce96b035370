// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.warc.HttpMessage;
import io.letsdata.read.warc.MediaType;
import io.letsdata.read.warc.WarcDate;
import io.letsdata.read.warc.WarcRecords;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The columns of a WARC record; an absent header is null. README.md describes them for users. */
enum WarcColumn {
  WARC_TYPE(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "WARC-Type");
    }
  },
  TARGET_URI(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      // Wget writes <http://…>.
      return record
          .headers()
          .first("WARC-Target-URI")
          .map(
              uri ->
                  uri.startsWith("<") && uri.endsWith(">")
                      ? uri.substring(1, uri.length() - 1)
                      : uri)
          .map(UTF8String::fromString)
          .orElse(null);
    }
  },
  WARC_DATE(DataTypes.TimestampType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return record
          .headers()
          .first("WARC-Date")
          .flatMap(WarcDate::parse)
          .map(WarcColumn::micros)
          .orElse(null);
    }
  },
  RECORD_ID(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "WARC-Record-ID");
    }
  },
  REFERS_TO(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "WARC-Refers-To");
    }
  },
  BLOCK_DIGEST(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "WARC-Block-Digest");
    }
  },
  PAYLOAD_DIGEST(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "WARC-Payload-Digest");
    }
  },
  IDENTIFIED_LANGUAGES(DataTypes.createArrayType(DataTypes.StringType, false)) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return record
          .headers()
          .first("WARC-Identified-Content-Language")
          .map(WarcColumn::languages)
          .orElse(null);
    }
  },
  CONTENT_TYPE(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) {
      return header(record, "Content-Type");
    }
  },
  CONTENT_LENGTH(DataTypes.LongType) {
    @Override
    Object value(WarcRecords record, Content content) {
      return record.contentLengthBytes();
    }
  },
  HTTP_STATUS(DataTypes.IntegerType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) throws IOException {
      boolean response =
          record.headers().first("WARC-Type").filter("response"::equalsIgnoreCase).isPresent()
              && mediaType(record).isHttp();
      OptionalInt status =
          response ? HttpMessage.parse(content.head()).status() : OptionalInt.empty();
      return status.isPresent() ? status.getAsInt() : null;
    }
  },
  HEADERS(DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false)) {
    @Override
    Object value(WarcRecords record, Content content) {
      return map(record.headers().map(), WarcColumn::canonical);
    }
  },
  OFFSET(DataTypes.LongType) {
    @Override
    Object value(WarcRecords record, Content content) {
      return record.offset();
    }
  },
  CONTENT(DataTypes.BinaryType) {
    @Override
    Object value(WarcRecords record, Content content) throws IOException {
      return content.bytes();
    }
  },
  TEXT(DataTypes.StringType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) throws IOException {
      MediaType outer = mediaType(record);
      MediaType type =
          outer.isHttp() ? MediaType.parse(content.http().first("Content-Type")) : outer;
      if (!type.isText()) {
        return null;
      }
      byte[] payload = outer.isHttp() ? content.payload() : content.bytes();
      return payload == null ? null : UTF8String.fromBytes(type.toUtf8(payload));
    }
  },
  HTTP_HEADERS(DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false)) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) throws IOException {
      return mediaType(record).isHttp() ? map(content.http().headers(), name -> name) : null;
    }
  },
  PAYLOAD(DataTypes.BinaryType) {
    @Override
    @Nullable Object value(WarcRecords record, Content content) throws IOException {
      return mediaType(record).isHttp() ? content.payload() : content.bytes();
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // Spark's types are immutable
  private final DataType type;

  WarcColumn(DataType type) {
    this.type = type;
  }

  /** The block of the current record; read at most once, and only when a column needs it. */
  interface Content {
    byte[] head() throws IOException;

    byte[] bytes() throws IOException;

    /** The head of the HTTP message in the block. */
    HttpMessage http() throws IOException;

    /** The decoded body of the HTTP message in the block; null when it cannot be decoded. */
    byte @Nullable [] payload() throws IOException;
  }

  /** The value of this column for the current record, in Spark's internal form. */
  abstract @Nullable Object value(WarcRecords record, Content content) throws IOException;

  /** The column's name: lower case. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  DataType type() {
    return type;
  }

  /** Whether it is made of more of the block than its first bytes. */
  boolean needsBlock() {
    return this == CONTENT || this == TEXT || this == HTTP_HEADERS || this == PAYLOAD;
  }

  /** Whether Spark's filters on it are evaluated before the block is loaded. */
  boolean isComparable() {
    return !needsBlock() && this != HEADERS && this != IDENTIFIED_LANGUAGES;
  }

  static Optional<WarcColumn> named(String name) {
    return Arrays.stream(values())
        .filter(column -> column.text().equalsIgnoreCase(name))
        .findFirst();
  }

  /** All columns, each nullable. */
  static StructType schema() {
    StructType schema = new StructType();
    for (WarcColumn column : values()) {
      schema = schema.add(column.text(), column.type, true);
    }
    return schema;
  }

  private static @Nullable UTF8String header(WarcRecords record, String name) {
    return record.headers().first(name).map(UTF8String::fromString).orElse(null);
  }

  private static MediaType mediaType(WarcRecords record) {
    return MediaType.parse(record.headers().first("Content-Type"));
  }

  private static @Nullable Long micros(Instant instant) {
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toMicros(1)),
          TimeUnit.NANOSECONDS.toMicros(instant.getNano()));
    } catch (ArithmeticException e) {
      return null; // the header is in HEADERS
    }
  }

  private static GenericArrayData languages(String list) {
    return new GenericArrayData(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(language -> !language.isEmpty())
            .map(UTF8String::fromString)
            .toArray());
  }

  private static ArrayBasedMapData map(
      Map<String, List<String>> headers, UnaryOperator<String> nameOf) {
    Object[] keys = headers.keySet().stream().map(nameOf).map(UTF8String::fromString).toArray();
    Object[] values =
        headers.values().stream().map(v -> UTF8String.fromString(String.join(", ", v))).toArray();
    return new ArrayBasedMapData(new GenericArrayData(keys), new GenericArrayData(values));
  }

  /** The name as the standard spells it, so that a query finds it whatever the crawler wrote. */
  private static String canonical(String name) {
    return STANDARD_NAMES.getOrDefault(name.toLowerCase(Locale.ROOT), name);
  }

  private static final Map<String, String> STANDARD_NAMES =
      Stream.of(
              "Content-Length",
              "Content-Type",
              "WARC-Block-Digest",
              "WARC-Concurrent-To",
              "WARC-Date",
              "WARC-Filename",
              "WARC-IP-Address",
              "WARC-Identified-Content-Language",
              "WARC-Identified-Payload-Type",
              "WARC-Payload-Digest",
              "WARC-Profile",
              "WARC-Record-ID",
              "WARC-Refers-To",
              "WARC-Refers-To-Date",
              "WARC-Refers-To-Target-URI",
              "WARC-Segment-Number",
              "WARC-Segment-Origin-ID",
              "WARC-Segment-Total-Length",
              "WARC-Target-URI",
              "WARC-Truncated",
              "WARC-Type",
              "WARC-Warcinfo-ID")
          .collect(
              Collectors.toUnmodifiableMap(name -> name.toLowerCase(Locale.ROOT), name -> name));
}

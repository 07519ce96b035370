// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spark;

import io.letsdata.read.warc.WarcRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.MessageHeaders;

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
      return record.headers().first("WARC-Date").map(WarcColumn::micros).orElse(null);
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
          record.headers().first("WARC-Type").filter("response"::equals).isPresent()
              && contentType(record.headers()).startsWith("application/http");
      return response ? httpStatus(content.head()) : null;
    }
  },
  HEADERS(DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false)) {
    @Override
    Object value(WarcRecords record, Content content) {
      return headerMap(record.headers());
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
      return isText(contentType(record.headers())) ? UTF8String.fromBytes(content.bytes()) : null;
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
    return this == CONTENT || this == TEXT;
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

  private static String contentType(MessageHeaders headers) {
    return headers.first("Content-Type").orElse("").strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isText(String contentType) {
    return contentType.startsWith("text/")
        || contentType.startsWith("application/json")
        || contentType.startsWith("application/warc-fields");
  }

  private static @Nullable Long micros(String date) {
    try {
      Instant instant = Instant.parse(date.strip());
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toMicros(1)),
          TimeUnit.NANOSECONDS.toMicros(instant.getNano()));
    } catch (DateTimeParseException | ArithmeticException e) {
      return null; // WARC 1.1 allows "2016"; the header is in HEADERS
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

  private static ArrayBasedMapData headerMap(MessageHeaders headers) {
    Map<String, List<String>> map = headers.map();
    Object[] keys = map.keySet().stream().map(UTF8String::fromString).toArray();
    Object[] values =
        map.values().stream().map(v -> UTF8String.fromString(String.join(", ", v))).toArray();
    return new ArrayBasedMapData(new GenericArrayData(keys), new GenericArrayData(values));
  }

  /** The status of {@code HTTP/1.1 200 OK}; null when there is none. */
  static @Nullable Integer httpStatus(byte[] head) {
    String[] words = new String(head, StandardCharsets.ISO_8859_1).split("[ \r\n]", 3);
    return words.length > 1 && words[0].startsWith("HTTP/") && words[1].matches("\\d{3}")
        ? Integer.valueOf(words[1])
        : null;
  }
}

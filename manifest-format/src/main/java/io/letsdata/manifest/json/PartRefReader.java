// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.json;

import io.letsdata.manifest.version.ColumnRange;
import io.letsdata.manifest.version.PartRef;
import io.letsdata.manifest.version.PartitionRange;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the references to parts in a snapshot. For one document. */
@Internal
public final class PartRefReader {
  /** Most parts of a version. */
  static final int MAX_PARTS = 100_000;

  private static final Set<String> NUMBERS = Set.of("lengthBytes", "files", "rows", "dataBytes");

  private final JsonFields fields;

  public PartRefReader(JsonFields fields) {
    this.fields = fields;
  }

  /** The array of parts at which the parser stands. */
  public List<PartRef> parts() throws IOException {
    List<PartRef> parts = new ArrayList<>();
    fields.array(
        "parts",
        element -> {
          if (parts.size() == MAX_PARTS) {
            throw fields.unreadable("more than " + MAX_PARTS + " parts. Compact the output");
          }
          parts.add(part());
        });
    return parts;
  }

  private PartRef part() throws IOException {
    Map<String, String> texts = new HashMap<>();
    Map<String, Long> numbers = new HashMap<>();
    List<ColumnRange> ranges = new ArrayList<>();
    fields.object(
        "parts",
        name -> {
          if (NUMBERS.contains(name)) {
            numbers.put(name, fields.number(name, 0));
          } else if (name.equals("name") || name.equals("sha256")) {
            texts.put(name, fields.string(name));
          } else if (name.equals("partitions")) {
            fields.object(name, column -> ranges.add(range(column)));
          } else {
            fields.ignoreOrReject(name);
          }
        });
    String name = fields.required("name", texts.get("name"));
    String sha256 = fields.required("sha256", texts.get("sha256"));
    Long lengthBytes = fields.required("lengthBytes", numbers.get("lengthBytes"));
    Long files = fields.required("files", numbers.get("files"));
    return fields.valid(
        () ->
            new PartRef(
                name,
                lengthBytes,
                sha256,
                files,
                known(numbers.get("rows")),
                known(numbers.get("dataBytes")),
                new PartitionRange(ranges)));
  }

  private static OptionalLong known(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private ColumnRange range(String column) throws IOException {
    Map<String, String> texts = new HashMap<>();
    List<Boolean> nulls = new ArrayList<>();
    fields.object(
        column,
        name -> {
          switch (name) {
            case "min", "max" -> texts.put(name, fields.string(name));
            case "nulls" -> nulls.add(fields.flag(name));
            default -> fields.ignoreOrReject(name);
          }
        });
    return fields.valid(
        () ->
            new ColumnRange(
                column,
                Optional.ofNullable(texts.get("min")),
                Optional.ofNullable(texts.get("max")),
                !nulls.isEmpty() && nulls.get(0)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import io.letsdata.it.tasks.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which secrets are in which sinks. Not thread-safe. */
final class SecretMatrix {
  private static final String ABSENT = "–";

  private final Map<SecretSink, Set<SecretSource>> found = new EnumMap<>(SecretSink.class);

  SecretMatrix() {
    for (SecretSink sink : SecretSink.values()) {
      found.put(sink, EnumSet.noneOf(SecretSource.class));
    }
  }

  /** Looks for every canary in some bytes of a sink. */
  void look(SecretSink sink, byte[] bytes) {
    found.get(sink).addAll(Canaries.in(bytes));
  }

  /** The same in all files below a folder, also hidden ones. */
  void lookBelow(SecretSink sink, Path folder) throws IOException {
    for (Path file : Canaries.filesBelow(folder)) {
      try {
        look(sink, Files.readAllBytes(file));
      } catch (java.nio.file.NoSuchFileException e) {
        // It was deleted since it was listed.
      }
    }
  }

  /** One line a source: the sinks that have its secret. */
  List<String> lines() {
    return Arrays.stream(SecretSource.values())
        .map(source -> line(source.label(), sinks(source)))
        .toList();
  }

  private Set<String> sinks(SecretSource source) {
    return Arrays.stream(SecretSink.values())
        .filter(sink -> found.get(sink).contains(source))
        .map(SecretSink::label)
        .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
  }

  /**
   * The lines of the table of a page.
   *
   * @throws IllegalArgumentException when its head has not the sinks in their order
   */
  static List<String> linesOf(Path page) throws IOException {
    List<List<String>> table =
        Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("|") && !line.startsWith("|-"))
            .map(line -> cells(line))
            .toList();
    List<String> sinks = Arrays.stream(SecretSink.values()).map(SecretSink::label).toList();
    List<String> head = table.get(0).subList(1, table.get(0).size());
    if (!head.equals(sinks)) {
      throw new IllegalArgumentException("The head is " + head + ", and not " + sinks);
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : table.subList(1, table.size())) {
      Set<String> having = new java.util.LinkedHashSet<>();
      for (int i = 0; i < sinks.size(); i++) {
        if (!row.get(i + 1).equals(ABSENT)) {
          having.add(sinks.get(i));
        }
      }
      lines.add(line(row.get(0), having));
    }
    return lines;
  }

  private static List<String> cells(String row) {
    return Arrays.stream(row.substring(1, row.lastIndexOf('|')).split("\\|", -1))
        .map(String::strip)
        .toList();
  }

  private static String line(String source, Set<String> sinks) {
    return source + ": " + (sinks.isEmpty() ? "nowhere" : String.join(", ", sinks));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.protocol.Messages;
import io.letsdata.protocol.TaskPayload;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What travels between driver and worker, hashed into {@link Messages#BUILD}. */
final class WireTest {
  /** Formats by their {@code VERSION}, the task binary's classes by their fields. */
  private static final List<String> BESIDE_MESSAGES =
      List.of(
          "io.letsdata.shuffle.format.MapOutputCodec",
          "io.letsdata.shuffle.format.MapReport",
          "io.letsdata.shuffle.format.MergeJob",
          "io.letsdata.shuffle.format.MergeReport",
          "io.letsdata.shuffle.format.MergedObject",
          "io.letsdata.shuffle.format.ObjectFooter",
          "io.letsdata.shuffle.offsets.OffsetsTableBuilder",
          "io.letsdata.shuffle.seal.SegmentSeal",
          "io.letsdata.shuffle.spark.context.MapLocation",
          "io.letsdata.shuffle.spark.context.S3ShuffleHandle",
          "io.letsdata.shuffle.spark.context.ShuffleAccumulator");

  @Test
  void wireFormatsChangeOnlyTogetherWithTheBuild() throws Exception {
    List<String> wire = new ArrayList<>();
    for (String name : messages()) {
      wire.add(described(name));
    }
    for (String name : BESIDE_MESSAGES) {
      wire.add(described(name));
    }

    assertThat(Messages.BUILD)
        .as("A wire format has changed: change BUILD to this hash. It is now %s", wire)
        .endsWith("/wire-" + hash(String.join("\n", wire)));
  }

  /** Every class beside {@link Messages}, so that a new message is never forgotten. */
  private static List<String> messages() throws IOException, URISyntaxException {
    URI classes = TaskPayload.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    String name = Messages.class.getPackageName();
    // A folder, or the jar that an earlier module of the same build has packed.
    if (classes.getPath().endsWith(".jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(classes))) {
        return classesIn(jar.getPath(name.replace('.', '/')), name);
      }
    }
    return classesIn(Path.of(classes).resolve(name.replace('.', '/')), name);
  }

  private static List<String> classesIn(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
          .map(file -> name + "." + file.substring(0, file.length() - ".class".length()))
          .sorted()
          .toList();
    }
  }

  private static String described(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, false, WireTest.class.getClassLoader());
    List<String> parts = new ArrayList<>();
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents())
          .forEach(c -> parts.add(c.getName() + ":" + c.getGenericType().getTypeName()));
    } else if (type.isEnum()) {
      Arrays.stream(type.getEnumConstants()).forEach(c -> parts.add(c.toString()));
    } else if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses()).forEach(c -> parts.add(c.getSimpleName()));
    } else if (ObjectStreamClass.lookup(type) != null) {
      Arrays.stream(ObjectStreamClass.lookup(type).getFields())
          .forEach(f -> parts.add(f.getName() + ":" + f.getType().getName()));
    }
    for (Field field : type.getDeclaredFields()) {
      if (field.getName().equals("VERSION")) {
        field.setAccessible(true);
        parts.add("version " + field.get(null));
      }
    }
    return type.getSimpleName() + parts;
  }

  private static String hash(String text) throws NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, 4);
  }
}

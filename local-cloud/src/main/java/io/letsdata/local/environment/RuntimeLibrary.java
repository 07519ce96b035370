// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.environment;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The native part of AWS's runtime client. Without this class it unpacks itself to one fixed path
 * below /tmp, which environments that start together would write at once and leave behind.
 */
final class RuntimeLibrary {
  /** The runtime client loads its native part from here when it is set (NativeClient, 2.9.0). */
  static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private RuntimeLibrary() {}

  /**
   * Unpacks the library of this machine.
   *
   * @param jars folder of the runtime client
   * @param folder folder for the library
   * @throws IOException when the client has none for this machine
   */
  static Path unpack(Path jars, Path folder) throws IOException {
    String entry = "/jni/libaws-lambda-jni." + platform() + ".so";
    Path library = folder.resolve("libaws-lambda-jni.so");
    try (FileSystem jar = FileSystems.newFileSystem(clientJar(jars), Map.of())) {
      Path packed = jar.getPath(entry);
      if (!Files.exists(packed)) {
        throw new IOException(
            "Cannot run functions here: AWS's runtime client has no library %s. Use Linux on x86_64 or aarch64."
                .formatted(entry));
      }
      return Files.copy(packed, library, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path clientJar(Path jars) throws IOException {
    try (Stream<Path> all = Files.list(jars)) {
      return all.filter(jar -> jar.getFileName().toString().contains("runtime-interface-client"))
          .findFirst()
          .orElseThrow(
              () -> new IOException("Cannot find AWS's runtime client in %s.".formatted(jars)));
    }
  }

  private static String platform() {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    boolean musl =
        Files.exists(Path.of("/lib/ld-musl-x86_64.so.1"))
            || Files.exists(Path.of("/lib/ld-musl-aarch64.so.1"));
    return (musl ? "linux_musl-" : "linux-") + arch;
  }
}

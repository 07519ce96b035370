// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is in the one jar to install. */
final class BundleIT {
  /** What Spark's own class path has too, in other versions, where it is not moved. */
  private static final Pattern UNMOVED =
      Pattern.compile(
          "(?<!io/letsdata/shaded/)\\b(software/amazon/|org/reactivestreams/|org/apache/http/|org/apache/commons/codec/)");

  @Test
  void nothingButOursAndMovedLibrariesIsInIt() throws IOException {
    List<String> strangers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> twice = new ArrayList<>();
    List<String> unmoved = new ArrayList<>();
    try (JarFile jar = bundle()) {
      for (JarEntry entry : jar.stream().toList()) {
        String name = entry.getName();
        if (!name.matches("io/|io/letsdata/.*|META-INF/.*")) {
          strangers.add(name);
        }
        if (!names.add(name)) {
          twice.add(name);
        }
        if (name.endsWith(".class") && UNMOVED.matcher(text(jar, name)).find()) {
          unmoved.add(name);
        }
      }
    }

    assertThat(strangers).isEmpty();
    assertThat(twice).isEmpty();
    assertThat(unmoved).isEmpty();
    assertThat(names)
        .contains(
            S3ShuffleManager.class.getName().replace('.', '/') + ".class",
            "io/letsdata/store/s3/S3ObjectStore.class",
            "io/letsdata/shaded/software/amazon/awssdk/services/sts/StsClient.class",
            "io/letsdata/shaded/mozilla/public-suffix-list.txt")
        .noneMatch(name -> name.matches("META-INF/(.*[.](SF|RSA)|versions/.*)"));
  }

  @Test
  void servicesAndLicencesAreMoved() throws IOException {
    try (JarFile jar = bundle()) {
      String service = "io.letsdata.shaded.software.amazon.awssdk.http.SdkHttpService";
      String provider = text(jar, "META-INF/services/" + service).replaceAll("(?m)^#.*", "").trim();

      assertThat(jar.getEntry(provider.replace('.', '/') + ".class")).isNotNull();
      assertThat(text(jar, "META-INF/NOTICE")).contains("AWS SDK for Java", "Apache HttpClient");
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
    }
  }

  private static JarFile bundle() throws IOException {
    return new JarFile(System.getProperty("letsdata.bundle"));
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}

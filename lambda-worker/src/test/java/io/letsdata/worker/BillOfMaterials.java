// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The jars of a package as a CycloneDX document (version 1.5 of its JSON schema): what is in the
 * zip, in any build. The plugin of {@code -Psbom}, which refuses to work offline, adds licences and
 * the tree of dependencies. Stateless.
 */
final class BillOfMaterials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("(.+)-(\\d+\\.\\d.*)\\.jar|(.+)\\.jar");

  private BillOfMaterials() {}

  /** The document; the jars in the order of their names. */
  static ObjectNode of(Path zipFile) throws IOException {
    ObjectNode bill = JSON.createObjectNode();
    bill.put("bomFormat", "CycloneDX").put("specVersion", "1.5").put("version", 1);
    ArrayNode components = bill.putArray("components");
    try (ZipFile zip = new ZipFile(zipFile.toFile())) {
      for (ZipEntry jar :
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".jar"))
              .sorted((a, b) -> a.getName().compareTo(b.getName()))
              .toList()) {
        components.add(component(jar.getName(), zip.getInputStream(jar).readAllBytes()));
      }
    }
    return bill;
  }

  private static ObjectNode component(String entry, byte[] jar) throws IOException {
    Matcher file = NAME.matcher(Path.of(entry).getFileName().toString());
    if (!file.matches()) {
      throw new IOException("Not a jar: " + entry);
    }
    String name = file.group(1) != null ? file.group(1) : file.group(3);
    Properties maven = coordinates(jar, name);
    String version =
        file.group(2) != null ? file.group(2) : maven.getProperty("version", "unknown");
    ObjectNode component = JSON.createObjectNode();
    component.put("type", "library").put("name", name).put("version", version);
    String group = maven.getProperty("groupId");
    if (group != null) {
      component.put("group", group);
      component.put("purl", "pkg:maven/%s/%s@%s".formatted(group, name, version));
    }
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(jar));
    return component;
  }

  /** What Maven puts into a jar; empty for a jar of another build tool. */
  private static Properties coordinates(byte[] jar, String artifact) throws IOException {
    Properties properties = new Properties();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        if (e.getName().startsWith("META-INF/maven/")
            && e.getName().endsWith("/" + artifact + "/pom.properties")) {
          properties.load(in);
          return properties;
        }
      }
    }
    return properties;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}

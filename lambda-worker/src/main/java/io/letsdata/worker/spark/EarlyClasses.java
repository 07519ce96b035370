// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import io.letsdata.options.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * Classes that settings name and that Spark makes before its executor has fetched the session's
 * jars (SparkEnv.create, BlockManager.initialize, MetricsSystem, 3.5.9). A class that is in such a
 * jar is loaded from a copy of the jars. Stateless.
 */
final class EarlyClasses {
  private static final String INITIAL_JARS = "spark.app.initial.jar.urls"; // SparkContext, 3.5.9
  private static final String METRICS = "spark.metrics.conf.";

  private static final String CODEC = "spark.io.compression.codec";

  private static final Set<String> SETTINGS =
      Set.of(
          "spark.serializer",
          CODEC,
          "spark.storage.replication.policy",
          "spark.storage.replication.topologyMapper");

  private EarlyClasses() {}

  /**
   * The loader with which the environment and the executor of a session are made: {@code function}
   * when it has all of these classes, else a child of it with the session's jars, which are read
   * then, one GET each. It is closed with the loader of the executor, whose parent it is.
   *
   * @param open reads a file that the driver offers
   * @throws UserErrorException naming the setting whose class is in no jar
   */
  static ClassLoader loader(
      SparkConf conf, ClassLoader function, Function<String, ReadableByteChannel> open)
      throws IOException {
    if (missing(conf, function).isEmpty()) {
      return function;
    }
    ClassLoader loader = new URLClassLoader(copies(conf, open), function);
    List<Tuple2<String, String>> missing = missing(conf, loader);
    if (!missing.isEmpty()) {
      throw new UserErrorException(
          "Cannot start the worker: %s names class %s, which neither the function nor a jar of the session has. Name its jar in spark.jars."
              .formatted(missing.get(0)._1(), missing.get(0)._2()));
    }
    return loader;
  }

  private static List<Tuple2<String, String>> missing(SparkConf conf, ClassLoader loader) {
    List<Tuple2<String, String>> missing = new ArrayList<>();
    for (Tuple2<String, String> entry : conf.getAll()) {
      boolean shortName = entry._1().equals(CODEC) && !entry._2().contains("."); // such as zstd
      if (namesAClass(entry._1()) && !shortName && !has(loader, entry._2())) {
        missing.add(entry);
      }
    }
    return missing;
  }

  private static boolean namesAClass(String key) {
    return SETTINGS.contains(key) || (key.startsWith(METRICS) && key.endsWith(".class"));
  }

  private static boolean has(ClassLoader loader, String name) {
    try {
      var unused = loader.loadClass(name);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static URL[] copies(SparkConf conf, Function<String, ReadableByteChannel> open)
      throws IOException {
    List<URL> copies = new ArrayList<>();
    for (String url : conf.get(INITIAL_JARS, "").split(",", -1)) {
      if (url.startsWith("spark:")) { // the driver's; others are on a server that Spark asks
        copies.add(copy(open.apply(url)));
      }
    }
    return copies.toArray(URL[]::new);
  }

  private static URL copy(ReadableByteChannel jar) throws IOException {
    Path copy = Files.createTempFile("letsdata-early-", ".jar");
    try (InputStream in = Channels.newInputStream(jar)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy.toUri().toURL();
  }
}

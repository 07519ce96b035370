// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark.publish;

import io.letsdata.protocol.RunLayout;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.JobArtifactSet;
import org.apache.spark.rpc.RpcEnv;
import scala.collection.JavaConverters;

/**
 * Copies the files that the driver serves under {@code spark://} (jars, files, archives of the
 * session) into the store, because no worker can reach the driver. One PUT a file in an
 * application. Thread-safe.
 */
final class FilePublisher {
  private record Version(String url, long timestamp) {}

  private final RpcEnv rpcEnv;
  private final ObjectStore store;
  private final RunLayout layout;
  private final Map<Version, ObjectLocation> published = new ConcurrentHashMap<>();

  FilePublisher(RpcEnv rpcEnv, ObjectStore store, RunLayout layout) {
    this.rpcEnv = rpcEnv;
    this.store = store;
    this.layout = layout;
  }

  /**
   * Publishes the files that a task's artifacts name and that are not published yet; waits for it.
   *
   * @return locations by URL, for the URLs that only the driver serves
   * @throws IOException when a file cannot be read or stored
   */
  Map<String, String> publish(JobArtifactSet artifacts) throws IOException {
    Map<String, String> locations = new HashMap<>();
    try {
      add(artifacts.jars(), locations);
      add(artifacts.files(), locations);
      add(artifacts.archives(), locations);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause());
    }
    return locations;
  }

  private void add(
      scala.collection.immutable.Map<String, Object> urls, Map<String, String> locations) {
    for (Map.Entry<String, Object> entry : JavaConverters.mapAsJavaMap(urls).entrySet()) {
      String url = entry.getKey();
      if (url.startsWith("spark://")) {
        // An archive's fragment is the folder's name; an executor asks for the URL without it.
        String file = url.replaceFirst("#.*", "");
        Version version = new Version(file, (Long) entry.getValue());
        locations.put(file, published.computeIfAbsent(version, this::copy).toString());
      }
    }
  }

  /** The published files. */
  Collection<ObjectLocation> published() {
    return List.copyOf(published.values());
  }

  /**
   * Publishes a file again that this has published. One PUT.
   *
   * @throws UncheckedIOException when it cannot be read or stored
   */
  void publishAgain(ObjectLocation location) {
    published.forEach(
        (version, object) -> {
          if (object.equals(location)) {
            var unused = copy(version);
          }
        });
  }

  private ObjectLocation copy(Version version) {
    ObjectLocation location = layout.file(version.url(), version.timestamp());
    try {
      Path copy = Files.createTempFile("letsdata-publish", null);
      try {
        try (InputStream in = Channels.newInputStream(rpcEnv.openChannel(version.url()));
            OutputStream out = Files.newOutputStream(copy)) {
          in.transferTo(out);
        }
        store.put(location, ObjectContent.ofFile(copy));
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot publish " + version.url() + " to " + location, e);
    }
    return location;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.IOException;
import java.net.URLClassLoader;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.execution.streaming.state.StateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from the process what an application left in static state, so that the next one starts
 * clean. README.md, "Another application" lists it.
 */
final class ApplicationEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationEnd.class);

  private ApplicationEnd() {}

  /**
   * @param userClasses loader of the application's jars; closed with its parents up to our own, or
   *     the jars would stay open and their space in /tmp taken
   */
  static void clear(ClassLoader userClasses, TemporaryFiles files) {
    StateStore.stop();
    try {
      FileSystem.closeAll(); // else the next one gets file systems with this one's settings
    } catch (IOException e) {
      LOG.warn("Cannot close all file systems of an application", e);
    }
    ClassLoader ours = ApplicationEnd.class.getClassLoader();
    for (ClassLoader loader = userClasses; loader != null && loader != ours; ) {
      if (loader instanceof URLClassLoader jars) {
        close(jars);
      }
      loader = loader.getParent();
    }
    files.delete();
  }

  private static void close(URLClassLoader jars) {
    try {
      jars.close();
    } catch (IOException e) {
      LOG.warn("Cannot close the jars of an application", e);
    }
  }
}

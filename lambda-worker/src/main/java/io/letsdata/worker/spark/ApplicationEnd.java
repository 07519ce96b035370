// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.IOException;
import java.net.URLClassLoader;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.execution.streaming.state.StateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the static state that an application left in the process, so that the next one starts
 * without it. README.md, "Another application", lists it.
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
      FileSystem
          .closeAll(); // the next application must not get file systems with the settings of this
      // one
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
    SessionDefaults.restore();
  }

  private static void close(URLClassLoader jars) {
    try {
      jars.close();
    } catch (IOException e) {
      LOG.warn("Cannot close the jars of an application", e);
    }
  }
}

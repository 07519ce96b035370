// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.execution.streaming.state.StateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the static state that an application left in the process, so that the next one starts
 * without it. README.md, "Another application", lists it.
 */
record ApplicationEnd(TemporaryFiles files, ProcessDefaults defaults) {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationEnd.class);

  /** For the application that starts now; its files are those below {@code folder}. */
  static ApplicationEnd ofNext(Path folder) throws IOException {
    return new ApplicationEnd(TemporaryFiles.since(folder), ProcessDefaults.now());
  }

  /**
   * @param userClasses loader of the application's jars; closed with its parents up to our own, or
   *     the jars would stay open and their space in /tmp taken
   * @param roots the folders of Spark, which stay, empty
   */
  void clear(ClassLoader userClasses, Set<Path> roots) {
    StateStore.stop();
    try {
      // The next application must not get file systems with the settings of this one.
      FileSystem.closeAll();
    } catch (IOException e) {
      LOG.warn("Cannot close all file systems of an application", e);
    }
    Set<ClassLoader> loaders = loaders(userClasses);
    unregisterBeans(loaders);
    for (ClassLoader loader : loaders) {
      if (loader instanceof URLClassLoader jars) {
        close(jars);
      }
    }
    defaults.restore();
    files.delete(roots);
  }

  /** The loader and its parents, without our own and those above it. */
  private static Set<ClassLoader> loaders(ClassLoader userClasses) {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    ClassLoader ours = ApplicationEnd.class.getClassLoader();
    for (ClassLoader loader = userClasses;
        loader != null && loader != ours;
        loader = loader.getParent()) {
      loaders.add(loader);
    }
    return loaders;
  }

  /** The next application may register the same names, and a bean holds its class loader. */
  private static void unregisterBeans(Set<ClassLoader> loaders) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    for (ObjectName name : server.queryNames(null, null)) {
      try {
        if (loaders.contains(server.getClassLoaderFor(name))) {
          server.unregisterMBean(name);
        }
      } catch (JMException e) {
        LOG.warn("Cannot unregister {} of an application", name, e);
      }
    }
  }

  private static void close(URLClassLoader jars) {
    try {
      jars.close();
    } catch (IOException e) {
      LOG.warn("Cannot close the jars of an application", e);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The options of all modules on the class path.
 *
 * <p><b>Which class loader.</b> Normally all modules have one loader: that of the application's
 * class path, that of {@code --jars}, or that of a function's package; then this class's own loader
 * finds every provider, also from a thread of Spark whose context loader is another. But modules
 * may be spread: the shuffle's bundle in Spark's {@code jars} folder, because executors need it
 * when they start, and the other modules in {@code --jars}. This class is then the bundle's, whose
 * loader does not see the child's providers, and their keys would be refused as unknown. So the
 * thread's context loader is used when it is below ours, that is, when it resolves this class to
 * this very class. A context loader that has a copy of its own ({@code
 * spark.driver.userClassPathFirst}) is not used: its providers implement another {@link
 * OptionProvider}, and that copy checks for itself. Shading does not rename {@code io.letsdata}, so
 * a bundle's merged service file names classes that exist.
 *
 * <p>To be used in the driver only. An executor may have fewer modules than the driver whose
 * configuration it gets, and would refuse keys that are right.
 */
@Internal
public final class InstalledOptions {
  private InstalledOptions() {}

  /** Reads the service files: some milliseconds, no request. */
  public static OptionSet load() {
    return load(Thread.currentThread().getContextClassLoader());
  }

  static OptionSet load(@Nullable ClassLoader context) {
    OptionSet all = OptionSet.of();
    for (OptionProvider provider : ServiceLoader.load(OptionProvider.class, loader(context))) {
      all = all.plus(provider.options());
    }
    return all;
  }

  private static @Nullable ClassLoader loader(@Nullable ClassLoader context) {
    return context != null && isBelowOurs(context)
        ? context
        : OptionProvider.class.getClassLoader();
  }

  private static boolean isBelowOurs(ClassLoader context) {
    try {
      return context.loadClass(OptionProvider.class.getName()) == OptionProvider.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}

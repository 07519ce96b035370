// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

/**
 * A module's options, found with {@link java.util.ServiceLoader}, so that each module knows the
 * keys of all that are installed and depends on none of them.
 *
 * <p>An implementation has a public constructor without arguments, does no work in it, and is named
 * in {@code META-INF/services/io.letsdata.options.OptionProvider} of its module; a bundle merges
 * these files.
 */
@Internal
public interface OptionProvider {
  /** The same at each call. */
  OptionSet options();
}

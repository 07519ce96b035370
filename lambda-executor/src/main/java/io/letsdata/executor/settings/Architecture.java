// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.Internal;

/** Processor architecture of a function; decides its price. */
@Internal
public enum Architecture {
  X86_64,
  ARM64
}

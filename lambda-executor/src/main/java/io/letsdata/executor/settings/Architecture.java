// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

/** Processor architecture of a function; decides its price. */
public enum Architecture {
  X86_64,
  ARM64
}

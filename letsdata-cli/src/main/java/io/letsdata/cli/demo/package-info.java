// SPDX-License-Identifier: Apache-2.0
/**
 * {@code letsdata demo}: the web-crawl example on a local stack, with its progress, result and
 * cost.
 *
 * <p>Classes in reading order: {@link DemoCommand}, {@link RunProgress}, {@link Steps}, {@link
 * StoredFolder}.
 */
@NullMarked
package io.letsdata.cli.demo;

import org.jspecify.annotations.NullMarked;

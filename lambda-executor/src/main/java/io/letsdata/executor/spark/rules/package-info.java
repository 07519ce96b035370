// SPDX-License-Identifier: Apache-2.0
/**
 * Refuses sessions and stages that cannot run on Lambda, before anything is sent.
 *
 * <p>In reading order: {@code SessionChecks} at the start of a session, with {@code SettingRules}
 * and {@code DriverAddress}; {@code StageRules}, with {@code LocalFiles}, when a stage is
 * submitted. {@code SecretScrub} keeps secrets out of what is sent.
 */
@NullMarked
package io.letsdata.executor.spark.rules;

import org.jspecify.annotations.NullMarked;

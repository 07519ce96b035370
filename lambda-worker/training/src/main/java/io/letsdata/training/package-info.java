// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the worker's class archive at build time.
 *
 * <p>Classes in reading order: {@link WorkerArchive}, {@link TrainingWork}, {@link LinkAndExit},
 * {@link ArchiveInputs}.
 */
@NullMarked
package io.letsdata.training;

import org.jspecify.annotations.NullMarked;

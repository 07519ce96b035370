// SPDX-License-Identifier: Apache-2.0
/**
 * The values of a commit, as those who plan a write state them.
 *
 * <p>Reading order: {@link io.letsdata.write.commit.Operation} with {@link
 * io.letsdata.write.commit.PartitionFilter}; {@link io.letsdata.write.commit.CommitOrigin}; {@link
 * io.letsdata.write.commit.CommitRequest}; {@link io.letsdata.write.commit.AppendRule}, which
 * decides whether files may stand beside those of earlier versions.
 */
@NullMarked
package io.letsdata.write.commit;

import org.jspecify.annotations.NullMarked;

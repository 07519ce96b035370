// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.store.ObjectStore;

/**
 * Where an application's shuffle objects are.
 *
 * @param store owned by whoever made this
 */
public record ShuffleHome(ObjectStore store, ShuffleLayout layout) {}

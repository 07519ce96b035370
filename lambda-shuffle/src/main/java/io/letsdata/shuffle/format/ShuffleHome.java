// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.format;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectStore;

/**
 * The place of an application's shuffle objects: a store and the keys in it.
 *
 * @param store owned by the caller
 */
@Internal
public record ShuffleHome(ObjectStore store, ShuffleLayout layout) {}

/** Shuffle objects: layout, offsets, fetch plans. */
@NullMarked
package io.letsdata.shuffle;

import org.jspecify.annotations.NullMarked;

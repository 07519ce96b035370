/** The driver side of Spark on Lambda. */
@NullMarked
package io.letsdata.executor;

import org.jspecify.annotations.NullMarked;

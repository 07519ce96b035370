/** The one door to S3. */
@NullMarked
package io.letsdata.store;

import org.jspecify.annotations.NullMarked;

/** The letsdata command. */
@NullMarked
package io.letsdata.cli;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The options of all modules: one declaration, one grammar, one order of precedence, one kind of
 * error. Also the rule that decides what is a secret, and the markers of the public API.
 *
 * <p>Uses only the JDK, because every other module uses it.
 *
 * <p>Reading order: {@link io.letsdata.options.Option} (a declaration) with {@link
 * io.letsdata.options.OptionType} (the grammar of its values); {@link io.letsdata.options.Options}
 * (the values of one session and one read or write); {@link io.letsdata.options.OptionSet} (the
 * declarations of a module, unknown keys) and {@link io.letsdata.options.OptionProvider} (how
 * modules are put together); {@link io.letsdata.options.UserErrorException}; {@link
 * io.letsdata.options.OptionTable} (the tables in the documentation); {@link
 * io.letsdata.options.SecretRule}; the markers {@link io.letsdata.options.Public}, {@link
 * io.letsdata.options.Evolving} and {@link io.letsdata.options.Internal}.
 */
@NullMarked
package io.letsdata.options;

import org.jspecify.annotations.NullMarked;

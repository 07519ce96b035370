// SPDX-License-Identifier: Apache-2.0
/**
 * The options of all modules: one declaration, one grammar, one order of precedence, one kind of
 * error. Also the rule that decides what is a secret, and the markers of the public API.
 *
 * <p>Uses only the JDK, because every other module uses it.
 *
 * <p>In reading order:
 *
 * <ol>
 *   <li>{@code Option} is a declaration; {@code OptionBuilder} makes it, {@code OptionScope} says
 *       where it may be set, {@code Declaration} is all of it but its type.
 *   <li>{@code OptionType} is the grammar of values; {@code Quantities} and {@code Sentences} serve
 *       it, a {@code Mismatch} is a text that it does not accept.
 *   <li>{@code Options} are the values of one session and of one read or write.
 *   <li>{@code OptionSet} has the declarations of a module and refuses unknown keys by the {@code
 *       NearestName}; {@code OptionProvider} and {@code InstalledOptions} put the modules together.
 *   <li>{@code UserErrorException} is a user's mistake, {@code InvalidOptionException} one in an
 *       option.
 *   <li>{@code OptionTable} and {@code GeneratedSection} make the tables of the documentation.
 *   <li>{@code SecretRule} decides what is a secret; {@code UrlIdentity} hides those of URLs;
 *       {@code Printable} shows control characters in the text of others.
 *   <li>{@code Public}, {@code Evolving} and {@code Internal} mark the API.
 * </ol>
 */
@NullMarked
package io.letsdata.options;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The fields of JSON manifests, token by token, with the place of every error.
 *
 * <p>Reading order: {@link io.letsdata.manifest.json.JsonFields}; {@link
 * io.letsdata.manifest.json.LineageReader} and {@link io.letsdata.manifest.json.PartRefReader} read
 * values of an output's version, {@link io.letsdata.manifest.json.LineageWriter} and {@link
 * io.letsdata.manifest.json.PartRefWriter} write them.
 */
@NullMarked
package io.letsdata.manifest.json;

import org.jspecify.annotations.NullMarked;

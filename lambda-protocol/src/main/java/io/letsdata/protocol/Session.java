// SPDX-License-Identifier: Apache-2.0
package io.letsdata.protocol;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import java.util.Map;

/**
 * The application to which a task or a merge belongs: all that a worker needs to start its runtime.
 * Every payload carries it. Immutable.
 *
 * @param build {@link Messages#BUILD} of the driver; a worker of another build refuses the payload
 *     and names both
 * @param application application id, unique by its UUID; a warm worker that meets another one
 *     starts a new runtime
 * @param root {@code s3://bucket/prefix} under which this application's objects lie
 * @param store settings of the store, see {@code StoreSettings}; no secrets
 * @param conf {@code s3://bucket/key} of the published Spark conf, one JSON object of strings
 * @param key by which the application's objects are verified; {@link RunKey#NONE} in a payload that
 *     is stored
 */
@Internal
public record Session(
    String build,
    String application,
    String root,
    Map<String, String> store,
    String conf,
    RunKey key) {

  /** The session of a driver of this build. */
  public static Session of(
      String application, RunLayout layout, Map<String, String> store, RunKey key) {
    return new Session(
        Messages.BUILD,
        application,
        layout.root().toString(),
        store,
        layout.conf().toString(),
        key);
  }

  /** The same application with another key. */
  public Session with(RunKey other) {
    return new Session(build, application, root, store, conf, other);
  }

  /** The keys of the application's objects. */
  public RunLayout layout() {
    return new RunLayout(ObjectLocation.parse(root));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.ListPage;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of one output in one listing, the latest first. Keys that are not versions are
 * passed over: anybody who may write below the output can put one in front of all versions, and it
 * must not block the output. Each is named in a warning. Not thread-safe.
 */
final class VersionKeys {
  private static final Logger LOG = LoggerFactory.getLogger(VersionKeys.class);

  /** The latest version and the one before it. */
  private static final int FIRST_PAGE_KEYS = 2;

  private static final int PAGE_KEYS = 1000;

  /** With more keys that are no versions in front of the versions, the output is an error. */
  private static final int MAX_PAGES = 64;

  private static final Pattern TEMPORARY =
      Pattern.compile("(.*)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final ObjectStore store;
  private final OutputLayout layout;
  private final Deque<ListedObject> listed = new ArrayDeque<>();
  private final int maxPages;
  private Optional<String> startAfter = Optional.empty();
  private int pages;
  private boolean ended;

  VersionKeys(ObjectStore store, OutputLayout layout) {
    this(store, layout, MAX_PAGES);
  }

  VersionKeys(ObjectStore store, OutputLayout layout, int maxPages) {
    this.store = store;
    this.layout = layout;
    this.maxPages = maxPages;
  }

  /**
   * The next version, 0 after the last one. One LIST of two keys at the first call, and one of a
   * thousand when these are used up.
   *
   * @throws ManifestException beyond the limit of pages
   */
  long next() throws IOException {
    while (true) {
      if (listed.isEmpty()) {
        if (ended) {
          return 0;
        }
        list();
        continue;
      }
      ListedObject object = listed.remove();
      OptionalLong version = layout.versionOf(object.location().key());
      if (version.isPresent()) {
        return version.getAsLong();
      }
      if (!isUnfinished(object.location().key())) {
        LOG.warn(
            "{} is not a version that a job of LetsData wrote, and is passed over. Move it elsewhere.",
            object.location());
      }
    }
  }

  private void list() throws IOException {
    if (pages == maxPages) {
      throw new ManifestException(
          "Cannot read output %s: more than %s keys under %s are not versions, up to %s. Move them elsewhere."
              .formatted(
                  layout.output(),
                  (maxPages - 1) * PAGE_KEYS,
                  layout.manifestPrefix(),
                  startAfter.orElse("")));
    }
    pages++;
    ListPage page =
        store.list(
            layout.bucket(),
            layout.manifestPrefix(),
            startAfter,
            pages == 1 ? FIRST_PAGE_KEYS : PAGE_KEYS);
    listed.addAll(page.objects());
    startAfter = page.nextStartAfter();
    ended = startAfter.isEmpty();
  }

  // The stand-in for S3 (s3proxy 4.1.0 on a file system) lists its temporary file, <key>-<UUID>,
  // until a put is complete.
  private boolean isUnfinished(String key) {
    Matcher matcher = TEMPORARY.matcher(key);
    return matcher.matches() && layout.versionOf(matcher.group(1)).isPresent();
  }
}

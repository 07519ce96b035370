// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.store.ListPage;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;

/**
 * The objects and sub-prefixes directly under a prefix, as in a directory. Skips the objects below
 * sub-prefixes: one LIST for each page and each sub-prefix.
 */
final class PrefixListing {

  private static final int PAGE = 1000;

  /** The largest code point: sorts after every key with the same prefix. */
  private static final String LAST = new String(Character.toChars(Character.MAX_CODE_POINT));

  private final ObjectStore store;
  private final String bucket;
  private final String prefix;

  /**
   * @param directory its key, with or without a slash at its end, or empty for the bucket
   */
  PrefixListing(ObjectStore store, ObjectLocation directory) {
    this.store = store;
    this.bucket = directory.bucket();
    String key = directory.key();
    this.prefix = key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  /** Whether an object has the prefix; one LIST. */
  boolean exists() throws IOException {
    return prefix.isEmpty() || !store.list(bucket, prefix, Optional.empty(), 1).objects().isEmpty();
  }

  /** Objects with pinned paths, sub-prefixes with unpinned ones; in key order. */
  List<FileStatus> children() throws IOException {
    List<FileStatus> children = new ArrayList<>();
    Optional<String> startAfter = Optional.empty();
    do {
      ListPage page = store.list(bucket, prefix, startAfter, PAGE);
      startAfter = page.nextStartAfter();
      String jumped = "";
      for (ListedObject object : page.objects()) {
        String key = object.location().key();
        String name = key.substring(prefix.length());
        int slash = name.indexOf('/');
        if (slash >= 0) {
          String child = prefix + name.substring(0, slash + 1);
          if (!child.equals(jumped)) {
            children.add(directory(child));
            jumped = child;
          }
        } else if (!name.isEmpty()) {
          children.add(
              StoreFileStatus.ofObject(
                  StorePath.pinned(object.location(), object.stat()).toPath(), object.stat()));
        }
      }
      if (startAfter.isPresent() && !jumped.isEmpty() && startAfter.get().startsWith(jumped)) {
        startAfter = Optional.of(jumped + LAST);
      }
    } while (startAfter.isPresent());
    return children;
  }

  private FileStatus directory(String key) {
    ObjectLocation location = new ObjectLocation(bucket, key.substring(0, key.length() - 1));
    return StoreFileStatus.ofPrefix(StorePath.unpinned(location).toPath());
  }
}

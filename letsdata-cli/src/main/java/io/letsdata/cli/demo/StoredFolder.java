// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import io.letsdata.cli.shared.CliException;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Optional;

/** Copies what lies under a prefix to a local folder. Stateless. */
final class StoredFolder {
  private StoredFolder() {}

  /**
   * Copies every object under {@code prefix}, keeping the rest of its key as its path. One LIST per
   * 1,000 objects, one GET each.
   *
   * @param target made when absent; files of the same name are replaced
   * @return objects copied
   */
  static int copy(ObjectStore store, ObjectLocation prefix, Path target) throws IOException {
    Path root = target.toAbsolutePath().normalize();
    int copied = 0;
    Iterator<ListedObject> objects = store.listAll(prefix.bucket(), prefix.key() + "/");
    while (objects.hasNext()) {
      ObjectLocation object = objects.next().location();
      Path file = root.resolve(object.key().substring(prefix.key().length() + 1)).normalize();
      if (!file.startsWith(root)) {
        throw new CliException("Cannot copy " + object + ": its key leads out of " + root + ".");
      }
      Files.createDirectories(file.getParent());
      try (InputStream in = store.openAll(object, Optional.empty())) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      copied++;
    }
    return copied;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.lambda;

import io.letsdata.local.access.OwnerOnlyFile;
import io.letsdata.local.environment.FunctionInvocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps each payload as {@code <folder>/<function>/<request id>.json}, when there is a folder. Only
 * this user can read it: a payload may hold a key.
 */
record PayloadDump(Optional<Path> folder) {

  void write(String function, FunctionInvocation invocation) throws IOException {
    if (folder.isPresent()) {
      Path target = Files.createDirectories(folder.get().resolve(function));
      Path unused =
          OwnerOnlyFile.write(
              target.resolve(invocation.requestId() + ".json"), invocation.payload());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.cli.shared.CliException;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFolderTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore("b");
  private final ObjectLocation result = new ObjectLocation("b", "demo/result");

  @TempDir Path folder = Path.of("");

  @Test
  void objectsUnderThePrefixBecomeFiles() throws Exception {
    store.put(result.resolve("data/one.json"), ObjectContent.ofUtf8("1"));
    store.put(result.resolve("two.json"), ObjectContent.ofUtf8("2"));
    store.put(new ObjectLocation("b", "demo/results/other"), ObjectContent.ofUtf8("3"));

    int copied = StoredFolder.copy(store, result, folder.resolve("out"));

    assertThat(copied).isEqualTo(2);
    assertThat(folder.resolve("out/data/one.json")).hasContent("1");
    assertThat(folder.resolve("out/two.json")).hasContent("2");
  }

  @Test
  void aKeyThatLeadsOutOfTheFolderIsRefused() throws Exception {
    store.put(result.resolve("../../../evil"), ObjectContent.ofUtf8("1"));

    assertThatThrownBy(() -> StoredFolder.copy(store, result, folder))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("leads out of " + folder);
  }
}

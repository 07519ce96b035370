// SPDX-License-Identifier: Apache-2.0
package io.letsdata.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstalledOptionsTest {
  private static URL jarWithAddedProvider(Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(OptionProvider.class.getName()), AddedProvider.class.getName());
    return folder.toUri().toURL();
  }

  @Test
  void ownLoaderFindsModulesBesideThisOneWhateverTheThread() {
    assertThat(InstalledOptions.load(null).options()).containsExactly(TestProvider.OPTION);
    assertThat(InstalledOptions.load(ClassLoader.getPlatformClassLoader()).options())
        .containsExactly(TestProvider.OPTION);
  }

  @Test
  void loaderBelowOursFindsModulesThatWereAddedLater(@TempDir Path folder) throws Exception {
    ClassLoader ours = InstalledOptions.class.getClassLoader();
    try (URLClassLoader jars = new URLClassLoader(new URL[] {jarWithAddedProvider(folder)}, ours)) {
      assertThat(InstalledOptions.load(jars).options())
          .containsExactlyInAnyOrder(TestProvider.OPTION, AddedProvider.OPTION);
    }
  }

  @Test
  void loaderWithAnotherCopyOfThisModuleIsNotAsked(@TempDir Path folder) throws Exception {
    URL classes = OptionProvider.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader copy =
        new URLClassLoader(
            new URL[] {classes, jarWithAddedProvider(folder)},
            ClassLoader.getPlatformClassLoader())) {
      assertThat(InstalledOptions.load(copy).options()).containsExactly(TestProvider.OPTION);
    }
  }
}

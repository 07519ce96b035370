// SPDX-License-Identifier: Apache-2.0
package io.letsdata.shuffle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.options.GeneratedSection;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionTable;
import io.letsdata.options.Options;
import io.letsdata.protocol.RunOptions;
import io.letsdata.shuffle.driver.DriverBounds;
import io.letsdata.shuffle.driver.ExchangeOptions;
import io.letsdata.store.StoreOptions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Corrects the tables of the page with {@code -Dletsdata.tables=write}. */
final class OptionTablesTest {
  private static final Path PAGE = Path.of("OPTIONS.md");

  @Test
  void tablesOfThePageAreThoseOfTheDeclarations() {
    GeneratedSection.verify(
        PAGE,
        "shuffle",
        OptionTable.markdown(OptionSet.of(RunOptions.LOCATION).plus(ShuffleOptions.ALL)));
    GeneratedSection.verify(PAGE, "store", OptionTable.markdown(StoreOptions.ALL));
  }

  @Test
  void defaultsOfTheDeclarationsAreThoseOfTheValues() {
    ShuffleSettings byDefault = ShuffleSettings.from(Options.ofSession(Map.of()));

    assertThat(byDefault.bounds()).isEqualTo(DriverBounds.DEFAULT);
    assertThat(byDefault.exchange()).isEqualTo(ExchangeOptions.DEFAULT);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.options.GeneratedSection;
import io.letsdata.options.OptionTable;
import io.letsdata.read.errors.ErrorOptions;
import io.letsdata.read.warc.WarcOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Corrects the tables of the README with {@code -Dletsdata.tables=write}. */
final class OptionTablesTest {
  @Test
  void tablesOfTheReadmeAreThoseOfTheDeclarations() {
    GeneratedSection.verify(
        Path.of("README.md"), "read", OptionTable.markdown(ConnectorOptions.OWN));
    GeneratedSection.verify(Path.of("README.md"), "errors", OptionTable.markdown(ErrorOptions.ALL));
    GeneratedSection.verify(Path.of("README.md"), "warc", OptionTable.markdown(WarcOptions.ALL));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.spi;

import io.letsdata.options.GeneratedSection;
import io.letsdata.options.OptionTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Corrects the table of the README with {@code -Dletsdata.tables=write}. */
final class OptionTablesTest {
  @Test
  void tableOfTheReadmeIsThatOfTheDeclarations() {
    GeneratedSection.verify(
        Path.of("README.md"), "read", OptionTable.markdown(ConnectorOptions.OWN));
  }
}

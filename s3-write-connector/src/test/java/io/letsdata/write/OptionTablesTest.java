// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.options.GeneratedSection;
import io.letsdata.options.OptionTable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Corrects the table of SPEC.md with {@code -Dletsdata.tables=write}. */
final class OptionTablesTest {
  @Test
  void tableOfTheSpecIsThatOfTheDeclarations() {
    GeneratedSection.verify(Path.of("SPEC.md"), "write", OptionTable.markdown(WriteOptions.OWN));
  }
}

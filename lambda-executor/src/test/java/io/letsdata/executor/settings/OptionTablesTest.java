// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.settings;

import io.letsdata.options.GeneratedSection;
import io.letsdata.options.OptionSet;
import io.letsdata.options.OptionTable;
import io.letsdata.protocol.RunOptions;
import io.letsdata.store.StoreOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Corrects the table of the README with {@code -Dletsdata.tables=write}. */
final class OptionTablesTest {
  @Test
  void tableOfTheReadmeIsThatOfTheDeclarations() {
    OptionSet options =
        OptionSet.of(RunOptions.LOCATION).plus(LambdaOptions.ALL).plus(StoreOptions.ALL);

    GeneratedSection.verify(Path.of("README.md"), "lambda", OptionTable.markdown(options));
  }
}

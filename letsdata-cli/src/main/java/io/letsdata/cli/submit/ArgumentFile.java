// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.submit;

import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;

/** The text of an argument file of the {@code java} command. Stateless. */
final class ArgumentFile {
  private ArgumentFile() {}

  /** One argument a line, in the charset in which the launcher reads a command line. */
  static byte[] content(List<String> arguments) {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    String text = arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining("\n"));
    return (text + "\n").getBytes(charset);
  }

  /** As the page of the {@code java} command has it, "java Command-Line Argument Files". */
  private static String quoted(String argument) {
    return '"'
        + argument
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + '"';
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local;

import java.nio.file.Path;

/**
 * A process that owns a stand-in, to be killed: prints the ids of the stand-in and of a frozen
 * environment, its home, and waits.
 */
final class OwnerMain {

  private OwnerMain() {}

  public static void main(String[] arguments) throws Exception {
    TestCloud test = TestCloud.start(Path.of(arguments[0]), 1);
    String function = TestCloud.members(test.invoke("echo", "")).get("pid");
    System.out.println(test.cloud().pid() + " " + function + " " + test.cloud().home());
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.letsdata.cli.Main;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ManifestEntry;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.manifest.version.TableState;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import io.letsdata.write.OutputCommits;
import io.letsdata.write.commit.CommitOrigin;
import io.letsdata.write.commit.CommitRequest;
import io.letsdata.write.commit.Operation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code letsdata output} against a real S3 server. */
@Tag("command")
class OutputCommandIT {
  private static final LambdaStack STACK = LambdaStack.shared();

  private final OutputLayout output =
      OutputLayout.of("s3://" + STACK.bucket() + "/output-command-" + UUID.randomUUID());

  private record Ran(int exitCode, String output) {}

  private Ran letsdata(String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of("output", command, output.output()));
    for (Map.Entry<String, String> setting : STACK.storeProperties().entrySet()) {
      words.add("--conf");
      words.add(setting.getKey() + "=" + setting.getValue());
    }
    words.addAll(List.of(arguments));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    return new Ran(Main.run(out, out, words.toArray(new String[0])), text.toString());
  }

  private Snapshot commit(Operation operation, String name) throws IOException {
    ObjectLocation at = new ObjectLocation(output.bucket(), output.dataKey(0, 1, name, "txt"));
    String etag = STACK.store().put(at, ObjectContent.ofUtf8(name));
    OutputCommits commits = new OutputCommits(STACK.store(), output);
    return commits
        .commit(
            new CommitRequest(
                UUID.randomUUID().toString(),
                operation,
                CommitOrigin.of("app-7", "nightly"),
                "text",
                "{\"type\":\"struct\",\"fields\":[]}",
                Map.of(),
                Layout.MANIFEST,
                TableState.NONE,
                List.of(
                    ManifestEntry.pinned(at.toString(), name.length(), etag, OptionalLong.of(1)))),
            commits.log().latest())
        .orElseThrow();
  }

  @Test
  void versionsAreShownCheckedRolledBackAndExpired() throws IOException {
    Snapshot first = commit(new Operation.Append(), "one");
    Snapshot second = commit(new Operation.Overwrite(/* exclusive= */ false), "second");
    assertThat(first.version() + 1).isEqualTo(second.version());

    assertThat(letsdata("history").output())
        .containsSubsequence(
            "2  1 files, 1 rows, 6 bytes", "overwrite  +1 -1  by nightly (app-7)", "1  1 files");
    assertThat(letsdata("files", "--version", "1").output())
        .contains("/data/00000-1-one.txt\t3\t1\t");
    assertThat(letsdata("verify"))
        .isEqualTo(new Ran(0, output.output() + " v2  1 files, 0 problems\n"));

    assertThat(letsdata("rollback", "--to", "1").output())
        .startsWith("3  1 files, 1 rows, 3 bytes");
    assertThat(letsdata("expire", "--older-than", "0s", "--dry-run").output())
        .contains("versions [1, 2]  would expire");
    assertThat(letsdata("expire", "--older-than", "0s").output())
        .contains("versions [1, 2]  expired, 1 objects deleted");
    assertThat(letsdata("verify").exitCode()).as("version 3 has the file of version 1").isZero();
    assertThat(letsdata("rollback", "--to", "2").output())
        .contains("Cannot roll back " + output.output() + " to version 2: it is purged.");

    STACK.store().delete(List.of(ObjectLocation.parse(first.files().get(0).location())));
    Ran broken = letsdata("verify");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.output()).contains("00000-1-one.txt does not exist", "1 problems");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorePathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain/key.json.gz",
        "k=v/date=2026-01-01/part.parquet",
        "with space",
        "percent%20sign",
        "plus+sign",
        "colon:and?question#hash",
        "ünï-çödé-𝄞",
        "back\\slash",
        "glob{a,b}*[c]",
        "double//slash",
        "triple///slash",
        "/leading",
        "trailing/",
        "a/./b",
        "a/../b",
        "..",
        "./a",
        "a/.",
        "a/.../b",
        ".hidden/..also",
        "~tilde~2f",
        "a//",
        "//"
      })
  void everyKeyIsReadBackFromItsPathAndItsText(String key) {
    StorePath unpinned = StorePath.unpinned(new ObjectLocation("bucket", key));
    StorePath pinned =
        StorePath.pinned(new ObjectLocation("bucket", key), new ObjectStat(12, "a\"b/c-2"));

    assertThat(StorePath.parse(unpinned.toPath())).isEqualTo(unpinned);
    assertThat(StorePath.parse(pinned.toPath())).isEqualTo(pinned);
    assertThat(StorePath.parse(new Path(pinned.toString()))).isEqualTo(pinned);
    assertThat(StorePath.parse(new Path(pinned.toPath().toUri()))).isEqualTo(pinned);
  }

  @Test
  void pathIsReadableAndKeepsTheExtension() {
    StorePath path =
        StorePath.pinned(new ObjectLocation("b", "in/a.json.gz"), new ObjectStat(7, "ab"));

    assertThat(path).hasToString("letsdata-store://b/7-YWI/in/a.json.gz");
    assertThat(path.toPath().getName()).isEqualTo("a.json.gz");
    assertThat(StorePath.unpinned(path.location()))
        .hasToString("letsdata-store://b/-/in/a.json.gz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_a.csv",
        "in/_a.csv.gz",
        "in/.a.json",
        "_SUCCESS",
        "x._COPYING_",
        "_x/a",
        "..",
        "."
      })
  void listedPathHasNoHiddenNameAndIsReadBack(String key) {
    StorePath pinned =
        StorePath.pinned(new ObjectLocation("bucket", key), new ObjectStat(12, "a\"b/c-2"));

    assertThat(pinned.toListedPath().getName()).doesNotMatch("[_.].*|.*\\._COPYING_");
    assertThat(StorePath.parse(pinned.toListedPath())).isEqualTo(pinned);
  }

  @Test
  void bucketHasAPath() {
    StorePath bucket = StorePath.unpinned(ObjectLocation.parse("s3://b"));

    assertThat(StorePath.parse(bucket.toPath())).isEqualTo(bucket);
    assertThat(StorePath.parse(new Path("letsdata-store://b/"))).isEqualTo(bucket);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://b/-/k", "letsdata-store://b/k", "letsdata-store://b/7-!/k", "/no/scheme"})
  void otherPathsAreRejected(String text) {
    assertThatThrownBy(() -> StorePath.parse(new Path(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetsDataManifestTest {
  private static final String TEXT_KIND =
      """
      {"manifestType": "S3ReaderTextManifestFile", "readerType": "SPARKREADER", "region": "us-east-1",
       "fileContents": "a.wet.gz\\nb.wet.gz\\n"}\
      """;
  private static final String LINK_KIND =
      """
      {"manifestType": "s3readers3link manifestFile", "readerManifestResourceLocation": "Customer",
       "manifestFileS3Uri": "s3a://lists/all.txt"}\
      """;

  @Test
  void readsTheTextKind() throws Exception {
    ObjectList list = (ObjectList) parse(TEXT_KIND);

    assertThat(list.files(Optional.of("b"), Optional.empty()))
        .extracting(ManifestEntry::location)
        .containsExactly("s3://b/a.wet.gz", "s3://b/b.wet.gz");
  }

  @Test
  void takesTheBucketFromAWholeDataset() throws Exception {
    ObjectList list =
        (ObjectList)
            parse(
                "{\"datasetName\":\"d\",\"readConnector\":{\"bucketName\":\"commoncrawl\"},\"manifestFile\":"
                    + TEXT_KIND
                    + "}");

    assertThat(list.files(Optional.empty(), Optional.empty()))
        .extracting(ManifestEntry::location)
        .containsExactly("s3://commoncrawl/a.wet.gz", "s3://commoncrawl/b.wet.gz");
  }

  @Test
  void linkIsReturnedToTheCaller() throws Exception {
    ManifestLink link = (ManifestLink) parse("{\"manifestFile\":" + LINK_KIND + "}");

    assertThat(link.location()).isEqualTo("s3://lists/all.txt");
    assertThat(Manifests.parseLinked(link, "x\n".getBytes(UTF_8))).isInstanceOf(ObjectList.class);
  }

  @Test
  void linkedListKeepsTheBucketOfTheDataset() throws Exception {
    ManifestLink link =
        (ManifestLink)
            parse("{\"readConnector\":{\"bucketName\":\"c\"},\"manifestFile\":" + LINK_KIND + "}");
    ObjectList list = (ObjectList) Manifests.parseLinked(link, "x\n".getBytes(UTF_8));

    assertThat(list.files(Optional.empty(), Optional.empty()))
        .extracting(ManifestEntry::location)
        .containsExactly("s3://c/x");
  }

  @Test
  void linkToALinkIsRejected() throws Exception {
    ManifestLink link = (ManifestLink) parse(LINK_KIND);

    assertThatThrownBy(() -> Manifests.parseLinked(link, LINK_KIND.getBytes(UTF_8)))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(
            "Cannot read manifest s3://lists/all.txt: the linked manifest is a link to");
  }

  @Test
  void messageForInvalidContentsHasTheLine() throws Exception {
    ObjectList list =
        (ObjectList)
            parse("{\"manifestType\":\"S3ReaderTextManifestFile\",\"fileContents\":\"a\\nb\\na\"}");

    assertThatThrownBy(() -> list.files(Optional.of("b"), Optional.empty()))
        .hasMessageStartingWith(
            "Cannot read manifest m.json 'fileContents': line 3: s3://b/a is already");
  }

  @Test
  void messageNamesMissingAndInvalidFields() {
    assertThatThrownBy(() -> parse("{\"manifestType\":\"S3ReaderTextManifestFile\"}"))
        .hasMessage("Cannot read manifest m.json: 'fileContents' is missing. Add it.");
    assertThatThrownBy(
            () -> parse("{\"manifestType\":\"S3ReaderTextManifestFile\",\"fileContents\":[]}"))
        .hasMessage(
            "Cannot read manifest m.json: 'fileContents' must be a string, not ARRAY. Fix it.");
    assertThatThrownBy(() -> parse("{\"manifestType\":\"Kafka\"}"))
        .hasMessageContaining("unknown manifestType 'Kafka'");
    assertThatThrownBy(() -> parse("{\"files\":[]}"))
        .hasMessageContaining(
            "first field is not 'letsdataManifest' and which has no 'manifestType'");
    assertThatThrownBy(
            () ->
                parse(
                    "{\"manifestType\":\"S3ReaderS3LinkManifestFile\",\"manifestFileS3Uri\":\"x\"}"))
        .hasMessageContaining("manifestFileS3Uri: 'x' is not s3://bucket/key");
  }

  @Test
  void messageForInvalidJsonHasLineAndColumn() {
    assertThatThrownBy(() -> parse("{\n  \"manifestType\": S3\n}"))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("Cannot read manifest m.json: not JSON, line 2 column");
  }

  private static ManifestDocument parse(String json) throws ManifestException {
    return Manifests.parse(json.getBytes(UTF_8), "m.json");
  }
}

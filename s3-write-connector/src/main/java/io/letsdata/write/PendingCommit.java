// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.PartEtag;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The recovery record of a plain commit: the values that another process needs to finish it.
 * Written before the first upload is completed (SPEC.md, "Plain layout"). Immutable.
 *
 * @param formatVersion of these bytes, 1
 * @param id of the job, and of the manifest it will publish
 * @param mode of the job
 * @param format of its files
 * @param schemaJson of its rows
 * @param options for readers
 * @param baseVersion latest version when the job began; the version of the job is a later one
 * @param uploads in the order of the manifest
 */
record PendingCommit(
    int formatVersion,
    String id,
    WriteMode mode,
    String format,
    String schemaJson,
    Map<String, String> options,
    long baseVersion,
    List<Upload> uploads) {
  private static final int FORMAT_VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One object to complete. */
  record Upload(
      String location, String uploadId, List<PartEtag> parts, long lengthBytes, long rows) {

    static Upload of(PendingObject object) {
      MultipartHandle handle = object.upload();
      return new Upload(
          handle.location().toString(),
          handle.uploadId(),
          handle.parts(),
          object.lengthBytes(),
          object.rows());
    }

    PendingObject toObject() {
      return new PendingObject(
          new MultipartHandle(ObjectLocation.parse(location), uploadId, parts), lengthBytes, rows);
    }
  }

  PendingCommit {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "recovery record of version " + formatVersion + "; this build knows 1. Upgrade it.");
    }
    options = Map.copyOf(options);
    uploads = List.copyOf(uploads);
  }

  static PendingCommit of(JobOutput job, BaseVersion base, List<PendingObject> objects) {
    return new PendingCommit(
        FORMAT_VERSION,
        job.id(),
        job.mode(),
        job.format(),
        job.schemaJson(),
        job.options(),
        base.version(),
        objects.stream().map(Upload::of).toList());
  }

  static PendingCommit parse(byte[] bytes, String source) throws IOException {
    try {
      return JSON.readValue(bytes, PendingCommit.class);
    } catch (IOException e) {
      throw new IOException(
          "Cannot read recovery record " + source + ": " + e.getMessage() + ". Look at it by hand.",
          e);
    }
  }

  byte[] toBytes() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /** The job, without files. */
  JobOutput job() {
    return new JobOutput(id, mode, format, schemaJson, options, List.of());
  }

  /** Where the record is. */
  ObjectLocation location(OutputLayout output) {
    return new ObjectLocation(output.bucket(), prefix(output) + id + ".json");
  }

  /** Prefix of all records of an output. */
  static String prefix(OutputLayout output) {
    String manifests = output.manifestPrefix();
    return manifests.substring(0, manifests.length() - "manifests/".length()) + "pending/";
  }
}

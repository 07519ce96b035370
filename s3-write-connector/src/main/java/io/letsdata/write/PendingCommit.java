// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.manifest.Layout;
import io.letsdata.manifest.ObjectFormat;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.ReaderOptions;
import io.letsdata.manifest.version.Partition;
import io.letsdata.read.spi.StoredSchema;
import io.letsdata.store.MultipartHandle;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.PartEtag;
import io.letsdata.write.commit.CommitRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recovery record of a plain commit: the values that another process needs to finish it.
 * Written before the first upload is completed (SPEC.md, "Plain layout"). Immutable.
 *
 * @param formatVersion of these bytes, 1 or 2
 * @param id of the job, and of the manifest it will publish
 * @param mode of the job, in byte format 1
 * @param commit operation, origin and table state, in byte format 2
 * @param format of its files
 * @param schemaJson of its rows
 * @param options for readers
 * @param baseVersion version on which the job commits; the version of the job is a later one
 * @param uploads in the order of the manifest
 */
record PendingCommit(
    int formatVersion,
    String id,
    @Nullable WriteMode mode,
    @Nullable RecordedCommit commit,
    String format,
    String schemaJson,
    Map<String, String> options,
    long baseVersion,
    List<Upload> uploads) {
  /** Largest record, in bytes: about 200,000 objects of one part. */
  static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final int FORMAT_VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One object to complete. */
  record Upload(
      String location,
      String uploadId,
      List<PartEtag> parts,
      long lengthBytes,
      long rows,
      @Nullable FileFacts facts) {

    Upload {
      Objects.requireNonNull(location, "location");
      Objects.requireNonNull(uploadId, "uploadId");
      parts = List.copyOf(parts);
    }

    static Upload of(PendingObject object) {
      MultipartHandle handle = object.upload();
      return new Upload(
          handle.location().toString(),
          handle.uploadId(),
          handle.parts(),
          object.lengthBytes(),
          object.rows(),
          object.facts());
    }

    /** Where the object will be. */
    ObjectLocation at() {
      return ObjectLocation.parse(location);
    }

    PendingObject toObject() {
      return new PendingObject(
          new MultipartHandle(at(), uploadId, parts),
          lengthBytes,
          rows,
          facts == null ? FileFacts.NONE : facts);
    }
  }

  PendingCommit {
    if (formatVersion < 1 || formatVersion > FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "recovery record of version "
              + formatVersion
              + "; this build knows 1 and 2. Upgrade it.");
    }
    Objects.requireNonNull(id, "id");
    if (formatVersion == 1) {
      Objects.requireNonNull(mode, "mode");
    } else {
      Objects.requireNonNull(commit, "commit");
    }
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(schemaJson, "schemaJson");
    options = Map.copyOf(options);
    uploads = List.copyOf(uploads);
  }

  /**
   * The record of a job.
   *
   * @param partitions of the files of {@code base}
   */
  static PendingCommit of(
      CommitRequest job, BaseVersion base, Set<Partition> partitions, List<PendingObject> objects) {
    return new PendingCommit(
        FORMAT_VERSION,
        job.id(),
        null,
        RecordedCommit.of(job, partitions),
        job.format(),
        job.schemaJson(),
        job.options(),
        base.version(),
        objects.stream().map(Upload::of).toList());
  }

  /**
   * Reads a record, as data that anybody may have stored: it must be of this output and name
   * nothing beyond it.
   *
   * @param record where it is
   * @param output below which it is
   * @throws UnusableRecord with the reason
   */
  static PendingCommit parse(byte[] bytes, ObjectLocation record, OutputLayout output)
      throws UnusableRecord {
    PendingCommit pending;
    try {
      pending = JSON.readValue(bytes, PendingCommit.class);
    } catch (JsonProcessingException e) {
      throw new UnusableRecord("it is not a recovery record (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new UnusableRecord("it is not a recovery record (" + e.getMessage() + ")", e);
    }
    if (pending == null) {
      throw new UnusableRecord("it is not a recovery record (null)", null);
    }
    Optional<String> objection = pending.objection(record, output);
    if (objection.isPresent()) {
      throw new UnusableRecord(objection.get(), null);
    }
    return pending;
  }

  private Optional<String> objection(ObjectLocation record, OutputLayout output) {
    if (!record.equals(location(output))) {
      return Optional.of("its id '" + id + "' is not that of its name");
    }
    if (baseVersion < 0) {
      return Optional.of("its baseVersion is " + baseVersion);
    }
    try {
      ObjectFormat objects = ObjectFormat.parse(format);
      Optional<String> refused = ReaderOptions.firstRefused(objects, options.keySet());
      if (refused.isPresent()) {
        return Optional.of("it sets the option '" + refused.get() + "'");
      }
      var unused = StoredSchema.parse(schemaJson);
      var unusedJob = job();
      Set<String> locations = new HashSet<>();
      for (Upload upload : uploads) {
        if (!ObjectNames.isPlain(output, upload.at())) {
          return Optional.of("it names " + upload.location() + ", which is not of this output");
        }
        if (!locations.add(upload.location())) {
          return Optional.of("it names " + upload.location() + " twice");
        }
        PendingObject object = upload.toObject();
        List<PartEtag> parts = object.upload().parts();
        if (parts.isEmpty() || parts.size() > PartEtag.MAX_NUMBER || upload.uploadId().isBlank()) {
          return Optional.of("its upload to " + upload.location() + " is not complete");
        }
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  byte[] toBytes() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /** The job, without files. */
  CommitRequest job() {
    RecordedCommit recorded =
        commit == null ? RecordedCommit.ofMode(Objects.requireNonNull(mode)) : commit;
    return new CommitRequest(
        id,
        recorded.toOperation(),
        recorded.toOrigin(),
        format,
        schemaJson,
        options,
        Layout.PLAIN,
        recorded.toTable(),
        List.of());
  }

  /** Where the record is. */
  ObjectLocation location(OutputLayout output) {
    return new ObjectLocation(output.bucket(), prefix(output) + id + ".json");
  }

  /** Prefix of all records of an output. */
  static String prefix(OutputLayout output) {
    return output.letsDataPrefix() + "pending/";
  }

  /** Where a record that was refused is kept, for people. */
  static ObjectLocation refused(ObjectLocation record, OutputLayout output) {
    String name = record.key().substring(prefix(output).length());
    return new ObjectLocation(output.bucket(), output.letsDataPrefix() + "refused/" + name);
  }
}

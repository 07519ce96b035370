// SPDX-License-Identifier: Apache-2.0
package io.letsdata.write;

import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commit or abort of one job. It alone decides whether the job's objects may be deleted: only
 * while it is certain that no manifest names them.
 *
 * <p>Used by one thread of the driver, as in Spark; does not close the store.
 */
final class JobCommit {
  private enum State {
    /** No publishing request was sent. */
    OPEN,
    /** A publishing request is in flight, or its outcome is unknown. */
    IN_DOUBT,
    COMMITTED,
    /** Certainly not committed, now and later. */
    REFUSED
  }

  private final ObjectStore store;
  private final Publication publication;
  private State state = State.OPEN;

  JobCommit(ObjectStore store, Publication publication) {
    this.store = store;
    this.publication = publication;
  }

  /**
   * Publishes. When this returns, the job is committed and visible; no later step can fail the job.
   *
   * @return the published manifest; empty when mode {@code IGNORE} kept an earlier version: {@link
   *     #abort} is then safe
   * @throws CommitOutcomeUnknown when the job may or may not be committed; {@link #abort} deletes
   *     nothing then
   * @throws IOException of any other type when the job is certainly not committed
   */
  Optional<Snapshot> commit(List<TaskObject> objects) throws IOException {
    if (state != State.OPEN) {
      throw new IllegalStateException("commit called in state " + state);
    }
    state = State.IN_DOUBT;
    try {
      Optional<Snapshot> manifest = publication.publish(objects);
      state = manifest.isPresent() ? State.COMMITTED : State.REFUSED;
      return manifest;
    } catch (CommitOutcomeUnknown e) {
      throw e;
    } catch (IOException e) {
      state = State.REFUSED;
      throw e;
    }
  }

  /** Writes the manifests for other systems that the version asks for. Never fails. */
  void follow(OutputLayout output, Snapshot committed) {
    ForeignManifests.follow(store, output, committed);
  }

  /**
   * Checks that no clean-up deleted an object of the job. One LIST per thousand objects of the
   * output. Objects that are not completed yet are checked by their completion.
   *
   * @throws CommitRefused naming one that is not there
   */
  void requireStored(List<TaskObject> objects, OutputLayout output) throws IOException {
    Map<ObjectLocation, String> etags = new HashMap<>();
    try {
      Iterator<ListedObject> listed = store.listAll(output.bucket(), output.dataPrefix());
      listed.forEachRemaining(object -> etags.put(object.location(), object.stat().etag()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (TaskObject object : objects) {
      if (object instanceof WrittenObject written
          && !written.etag().equals(etags.get(written.location()))) {
        throw new CommitRefused(
            "Cannot commit to %s: the mark of this job was not renewed for more than %s minutes, and %s does not exist any more. Run the job again."
                .formatted(
                    output.output(),
                    JobMark.LIVES.minus(JobMark.INTERVAL).toMinutes(),
                    written.location()));
      }
    }
  }

  /**
   * Deletes the objects of {@code outputs} when that is safe: not after a commit, and not while its
   * outcome is unknown. One DELETE per thousand objects.
   *
   * @param outputs outputs that arrived; a missing one is null. An object of a task whose output
   *     did not arrive stays until a clean-up deletes it; no reader sees it.
   * @return number of deleted objects
   */
  int abort(List<? extends @Nullable TaskOutput> outputs) throws IOException {
    if (state == State.COMMITTED || state == State.IN_DOUBT) {
      return 0;
    }
    state = State.REFUSED;
    List<TaskObject> objects = new ArrayList<>();
    for (TaskOutput output : outputs) {
      if (output != null) {
        objects.addAll(output.objects());
      }
    }
    ObjectDiscard.all(store, objects);
    return objects.size();
  }
}

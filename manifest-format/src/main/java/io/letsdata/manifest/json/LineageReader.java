// SPDX-License-Identifier: Apache-2.0
package io.letsdata.manifest.json;

import io.letsdata.manifest.version.Application;
import io.letsdata.manifest.version.Change;
import io.letsdata.manifest.version.Lineage;
import io.letsdata.manifest.version.OperationKind;
import io.letsdata.manifest.version.Replays;
import io.letsdata.manifest.version.StreamEpoch;
import io.letsdata.manifest.version.VersionState;
import io.letsdata.options.Internal;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the fields of a lineage from those of a snapshot. For one document. */
@Internal
public final class LineageReader {
  private final JsonFields fields;
  private Optional<String> parent = Optional.empty();
  private @Nullable OperationKind operation;
  private @Nullable Application application;
  private Optional<String> commitId = Optional.empty();
  private Optional<StreamEpoch> stream = Optional.empty();
  private @Nullable Instant time;
  private Change change = Change.NONE;
  private Replays replays = Replays.NONE;
  private VersionState state = VersionState.LIVE;

  public LineageReader(JsonFields fields) {
    this.fields = fields;
  }

  /** Reads the field when it is one of a lineage. */
  public boolean field(String name) throws IOException {
    switch (name) {
      case "parent" -> parent = Optional.of(fields.string(name));
      case "operation" -> operation = parsed(fields.string(name), OperationKind::parse);
      case "application" -> application = application();
      case "commitId" -> commitId = Optional.of(fields.string(name));
      case "stream" -> stream = Optional.of(stream());
      case "time" -> time = time(fields.string(name));
      case "state" -> state = parsed(fields.string(name), VersionState::parse);
      case "change" -> change = change();
      case "replays" -> replays = replays();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The lineage, when all its fields are read. */
  public Lineage result() throws IOException {
    OperationKind kind = fields.required("operation", operation);
    Application by = fields.required("application", application);
    Instant at = fields.required("time", time);
    return fields.valid(
        () -> new Lineage(parent, kind, by, commitId, stream, at, change, replays, state));
  }

  private <T> T parsed(String text, Function<String, T> parser) throws IOException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw fields.unreadable(e.getMessage() + ". Upgrade the connector, or publish it again");
    }
  }

  private Instant time(String text) throws IOException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw fields.unreadable("'time' must be an instant in UTC. Fix it");
    }
  }

  private Application application() throws IOException {
    Map<String, String> texts = new HashMap<>();
    fields.object("application", name -> known(name, texts, "id", "name"));
    String id = fields.required("id", texts.get("id"));
    return fields.valid(() -> new Application(id, texts.getOrDefault("name", "")));
  }

  private void known(String name, Map<String, String> texts, String first, String second)
      throws IOException {
    if (name.equals(first) || name.equals(second)) {
      texts.put(name, fields.string(name));
    } else {
      fields.ignoreOrReject(name);
    }
  }

  private StreamEpoch stream() throws IOException {
    Map<String, String> texts = new HashMap<>();
    List<Long> epochs = new ArrayList<>();
    fields.object(
        "stream",
        name -> {
          switch (name) {
            case "query" -> texts.put(name, fields.string(name));
            case "epoch" -> epochs.add(fields.number(name, 0));
            default -> fields.ignoreOrReject(name);
          }
        });
    String query = fields.required("query", texts.get("query"));
    Long epoch = fields.required("epoch", epochs.isEmpty() ? null : epochs.get(0));
    return fields.valid(() -> new StreamEpoch(query, epoch));
  }

  private Change change() throws IOException {
    Map<String, Long> numbers = new HashMap<>();
    fields.object(
        "change",
        name -> {
          switch (name) {
            case "addedFiles", "removedFiles" -> numbers.put(name, fields.number(name, 0));
            default -> fields.ignoreOrReject(name);
          }
        });
    return new Change(
        numbers.getOrDefault("addedFiles", 0L), numbers.getOrDefault("removedFiles", 0L));
  }

  private Replays replays() throws IOException {
    List<String> ids = new ArrayList<>();
    List<StreamEpoch> streams = new ArrayList<>();
    fields.object(
        "replays",
        name -> {
          switch (name) {
            case "commitIds" -> ids.addAll(fields.stringList(name, Replays.MAX_ENTRIES));
            case "streams" ->
                fields.array(
                    name,
                    element -> {
                      if (streams.size() == Replays.MAX_ENTRIES) {
                        throw fields.unreadable(
                            "more than " + Replays.MAX_ENTRIES + " streams. Remove some");
                      }
                      streams.add(stream());
                    });
            default -> fields.ignoreOrReject(name);
          }
        });
    return fields.valid(() -> new Replays(ids, streams));
  }
}

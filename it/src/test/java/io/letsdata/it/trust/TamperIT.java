// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.letsdata.fixtures.http.HttpHead;
import io.letsdata.fixtures.http.HttpRelay;
import io.letsdata.fixtures.stack.LambdaStack;
import io.letsdata.fixtures.store.ForgedBytes;
import io.letsdata.it.ExpectedErrors;
import io.letsdata.it.StoreAccess;
import io.letsdata.it.tasks.TamperTasks;
import io.letsdata.local.admin.Fault;
import io.letsdata.shuffle.format.MapObject;
import io.letsdata.shuffle.format.MapOutput;
import io.letsdata.shuffle.format.Segment;
import io.letsdata.store.ListedObject;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Someone who may write below the run location replaces objects of a run just before they are read:
 * by the serialized form of a class that leaves a trace when it is loaded, and by the same object
 * of another run. The job fails with the name of the object, or is right; the class is not loaded.
 */
@Tag("trust")
@StoreAccess(runs = "tamper")
final class TamperIT {
  private static final LambdaStack STACK = LambdaStack.shared();
  private static final String RUNS = "tamper";

  /** Kinds whose bytes are not used: their presence alone counts, or who made them. */
  private static final Set<String> WITHOUT_CONTENT = Set.of("alive", "kill", "claim", "commit");

  /** Kinds of objects below the root of a run, by the first element of the key. */
  enum Kind {
    CONF("conf.json"),
    FILE("file"),
    BROADCAST("broadcast"),
    STATUSES("map-status"),
    PAYLOAD("payload"),
    RESULT("result"),
    RESPONSE("response"),
    CACHED("rdd"),
    SHUFFLE("shuffle");

    final String element;

    Kind(String element) {
      this.element = element;
    }
  }

  /** What is put there instead. */
  enum Replacement {
    CANARY,
    OTHER_RUN
  }

  private final Path trace =
      Path.of(System.getProperty("java.io.tmpdir"), "canary-" + System.nanoTime());

  @AfterEach
  void stop() throws IOException {
    STACK.admin().clearFaults();
    Files.deleteIfExists(trace);
  }

  // A response is JSON, and the driver searches for it until the function's time limit.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESPONSE")
  @ExpectedErrors(".*")
  void canaryIsNotLoaded(Kind kind) throws IOException {
    assertProtected(kind, Replacement.CANARY);
  }

  @ParameterizedTest
  @EnumSource
  @ExpectedErrors(".*")
  void objectOfAnotherRunIsNotUsed(Kind kind) throws IOException {
    assertProtected(kind, Replacement.OTHER_RUN);
  }

  @Test
  void everyKindHasACase() {
    Set<String> kinds =
        OtherRun.OBJECTS.keySet().stream()
            .map(key -> key.split("/", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));

    kinds.removeAll(WITHOUT_CONTENT);
    for (Kind kind : Kind.values()) {
      assertThat(kinds.remove(kind.element)).as("%s was stored", kind.element).isTrue();
    }
    assertThat(kinds).isEmpty();
  }

  private void assertProtected(Kind kind, Replacement replacement) throws IOException {
    assertThat(OtherRun.OBJECTS).isNotEmpty(); // it ends before this one begins
    if (kind == Kind.RESPONSE) {
      STACK.admin().plan(Fault.next(Fault.Kind.ANSWER_LOST).of(LambdaStack.SHORT));
    }
    Tampering tampering = new Tampering(kind, replacement, trace);
    try (HttpRelay relay = HttpRelay.bind(STACK.s3Endpoint())) {
      relay.serve(tampering::pass);
      SparkConf conf = conf().set("spark.letsdata.s3.endpoint", relay.endpoint().toString());
      if (kind == Kind.RESPONSE) {
        conf.setMaster("lambda://" + LambdaStack.SHORT);
      }
      List<Object> results = new ArrayList<>();
      Throwable failure =
          catchThrowable(
              () -> {
                try (JavaSparkContext context = context(conf)) {
                  tampering.begin(RUNS + "/" + context.sc().applicationId() + "/");
                  results.addAll(TamperTasks.everything(context));
                }
              });

      assertThat(tampering.replaced()).as("replaced objects, after %s", failure).isNotEmpty();
      assertThat(trace).doesNotExist();
      if (failure == null || kind == Kind.SHUFFLE) { // a lost output is made again
        assertThat(failure).isNull();
        assertThat(results).isEqualTo(TamperTasks.RESULTS);
      } else {
        assertThat(text(failure))
            .containsPattern("this application did not store it|object changed since planning");
      }
    }
  }

  private static String text(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static SparkConf conf() {
    return STACK
        .lambdaConf()
        .set("spark.letsdata.run.location", "s3://" + STACK.bucket() + "/" + RUNS)
        .set("spark.letsdata.lambda.inline-limit", "0")
        .set("spark.letsdata.lambda.payload-limit", "4k")
        .set("spark.letsdata.lambda.store-response-after", "0s")
        // One shuffle in the driver's tables, one in objects, whose segments are plain streams.
        .set("spark.letsdata.shuffle.inline-map-size", "1k")
        .set("spark.shuffle.compress", "false")
        .set("spark.cleaner.referenceTracking", "false")
        .set("spark.task.maxFailures", "2");
  }

  private static JavaSparkContext context(SparkConf conf) {
    return JavaSparkContext.fromSparkContext(LambdaStack.session(conf).sparkContext());
  }

  /** The objects of another run of the same program, by their keys below its root. */
  private static final class OtherRun {
    static final Map<String, byte[]> OBJECTS = objects();

    private static Map<String, byte[]> objects() {
      Map<String, byte[]> objects = new TreeMap<>();
      try (JavaSparkContext context = context(conf())) {
        String root = RUNS + "/" + context.sc().applicationId() + "/";
        assertThat(TamperTasks.everything(context)).isEqualTo(TamperTasks.RESULTS);
        Iterator<ListedObject> all = STACK.store().listAll(STACK.bucket(), root);
        while (all.hasNext()) { // before its end, which deletes them
          ObjectLocation location = all.next().location();
          objects.put(location.key().substring(root.length()), STACK.store().read(location));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return objects;
    }

    /** The object of the same name, else another one of the same kind. */
    static byte[] like(String key, Kind kind) {
      String name = nameOf(key, kind);
      return OBJECTS.entrySet().stream()
          .filter(e -> e.getKey().startsWith(kind.element))
          .filter(e -> nameOf(e.getKey(), kind).equals(name))
          .findFirst()
          .or(
              () ->
                  OBJECTS.entrySet().stream()
                      .filter(e -> e.getKey().startsWith(kind.element))
                      .findFirst())
          .map(Map.Entry::getValue)
          .orElseThrow();
    }
  }

  /**
   * A key; of a shuffle object its shuffle and whether it is a table. An output that is made again
   * has another name, and only the first of each shuffle is replaced.
   */
  private static String nameOf(String key, Kind kind) {
    String file = key.substring(key.lastIndexOf('/') + 1);
    return kind == Kind.SHUFFLE
        ? file.substring(0, file.indexOf('-')) + file.contains("-offsets-")
        : key;
  }

  /** Replaces each object of a kind once, between the request that reads it and the store. */
  private static final class Tampering {
    private final Kind kind;
    private final Replacement replacement;
    private final byte[] canary;
    private final Set<String> replaced = ConcurrentHashMap.newKeySet();
    private volatile String root = "none";

    Tampering(Kind kind, Replacement replacement, Path trace) throws IOException {
      this.kind = kind;
      this.replacement = replacement;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(new TamperTasks.Canary(trace));
      }
      this.canary = bytes.toByteArray();
    }

    void begin(String runRoot) {
      root = runRoot;
    }

    Set<String> replaced() {
      return replaced;
    }

    boolean pass(HttpRelay.Connection connection) throws IOException {
      HttpHead request = HttpHead.read(connection.fromClient());
      if (request == null) {
        return false;
      }
      String[] line = request.text().lines().findFirst().orElse("").split(" ", -1);
      if (line[0].equals("GET")) {
        replace(URI.create(line[1]).getPath());
      }
      connection.letSend(request);
      return connection.answer(request, connection.send(request, null));
    }

    private void replace(String path) throws IOException {
      String prefix = "/" + STACK.bucket() + "/" + root + kind.element;
      if (!path.startsWith(prefix) || !replaced.add(nameOf(path, kind))) {
        return;
      }
      String key = path.substring(STACK.bucket().length() + 2);
      byte[] other =
          replacement == Replacement.CANARY
              ? kind == Kind.SHUFFLE ? forged(key) : canary
              : OtherRun.like(key.substring(root.length()), kind);
      String unused =
          STACK.store().put(new ObjectLocation(STACK.bucket(), key), ObjectContent.of(other));
    }

    /** The canary in each segment, under the lengths and checksums that readers expect. */
    private byte[] forged(String key) throws IOException {
      if (key.contains("-offsets-")) {
        return canary;
      }
      byte[] object = STACK.store().read(new ObjectLocation(STACK.bucket(), key));
      MapOutput output = MapObject.parse(object, object.length, TamperTasks.SHUFFLE_PARTITIONS);
      for (Segment segment : output.segments(0, TamperTasks.SHUFFLE_PARTITIONS)) {
        int start = Math.toIntExact(segment.start());
        int length = Math.toIntExact(segment.lengthBytes());
        assertThat(ForgedBytes.replace(object, start, length, canary)).isTrue();
      }
      return object;
    }
  }
}

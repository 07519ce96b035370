// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.gc;

import io.letsdata.cli.shared.Ages;
import io.letsdata.cli.shared.SparkConfFile;
import io.letsdata.executor.cleanup.RunCleanup;
import io.letsdata.executor.cleanup.StoredRun;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Internal;
import io.letsdata.options.Options;
import io.letsdata.options.UrlIdentity;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunHeartbeat;
import io.letsdata.protocol.RunOptions;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.S3ObjectStore;
import io.letsdata.write.OutputCleanup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code letsdata gc}: deletes what crashed drivers and lost workers left in the store. */
@Command(
    name = "gc",
    description = "Delete what crashed drivers and lost workers left in the store.",
    footer = {
      "",
      "An application stays while anything of it, its sign of life (one every 5 minutes) included,"
          + " is",
      "younger than --older-than by the store's clock. Of an output, objects that no manifest names"
          + " and",
      "uploads that no recovery record names are deleted, but nothing that is younger than the"
          + " oldest",
      "write that runs.",
      "Example:  letsdata gc --conf-file spark.conf --older-than 12h --dry-run"
    })
@Internal
public final class GcCommand implements Callable<Integer> {
  /** A live driver's last sign may be two intervals old, when one could not be stored. */
  private static final Duration LEAST_SILENCE = RunHeartbeat.INTERVAL.multipliedBy(3);

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--conf-file",
      paramLabel = "FILE",
      description = "Spark conf with the store's settings and " + RunOptions.LOCATION_KEY + ".")
  @Nullable Path confFile;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "One setting; overrides the file. May be repeated.")
  Map<String, String> conf = new LinkedHashMap<>();

  @Option(
      names = "--run-location",
      paramLabel = "S3-PREFIX",
      description =
          "Where runs put their objects (default: the conf's " + RunOptions.LOCATION_KEY + ").")
  @Nullable String runLocation;

  @Option(
      names = "--application",
      paramLabel = "ID",
      description = "Clean up this application only, however young, unless it may be running.")
  @Nullable String application;

  @Option(
      names = "--force",
      description =
          "With --application: also when it may be running. A running one loses its work.")
  boolean force;

  @Option(
      names = "--output",
      paramLabel = "S3-PREFIX",
      description = "Clean up this output of the write connector. May be repeated.")
  List<String> outputs = List.of();

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      defaultValue = "24h",
      converter = Ages.class,
      description = "What is younger stays: 90m, 24h, 3d (default: ${DEFAULT-VALUE}).")
  Duration olderThan = Duration.ofHours(24);

  @Option(names = "--dry-run", description = "Print what would be deleted, and delete nothing.")
  boolean dryRun;

  @Override
  public Integer call() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    if (confFile != null) {
      settings.putAll(SparkConfFile.read(confFile));
    }
    settings.putAll(conf);
    Optional<ObjectLocation> runs;
    StoreSettings store;
    try {
      InstalledOptions.load().requireKnownSettings(settings.keySet());
      Options options = Options.ofSession(settings);
      store = StoreSettings.from(options);
      runs =
          runLocation != null
              ? Optional.of(location(runLocation))
              : options.get(RunOptions.LOCATION);
    } catch (UserErrorException e) {
      throw badUse(e.getMessage());
    }
    if (olderThan.compareTo(LEAST_SILENCE) < 0) {
      throw badUse(
          "Invalid value for --older-than: %s (must be at least %s: drivers give a sign of life every %s)"
              .formatted(
                  Ages.text(olderThan),
                  Ages.text(LEAST_SILENCE),
                  Ages.text(RunHeartbeat.INTERVAL)));
    }
    if (force && application == null) {
      throw badUse("--force needs --application");
    }
    if (runs.isEmpty() && (outputs.isEmpty() || application != null)) {
      throw badUse(
          "Nothing to clean up: pass --run-location, --output or a conf with "
              + RunOptions.LOCATION_KEY);
    }
    List<OutputLayout> outputLayouts = outputs.stream().map(this::output).toList();
    try (ObjectStore objects = S3ObjectStore.create(store, RequestMeter.PROCESS)) {
      if (runs.isPresent()) {
        cleanRuns(new RunCleanup(objects, runs.get()));
      }
      boolean failed = false;
      for (OutputLayout output : outputLayouts) {
        failed |= !isCleaned(objects, output);
      }
      return failed ? 1 : 0;
    }
  }

  /** Cleans one output; a failure is printed, so that the other outputs are cleaned too. */
  private boolean isCleaned(ObjectStore store, OutputLayout output) {
    try {
      cleanOutput(store, output);
      return true;
    } catch (IOException e) {
      spec.commandLine().getErr().println(output.output() + "  kept: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return false;
    }
  }

  private void cleanRuns(RunCleanup cleanup) throws IOException {
    Instant now = cleanup.now();
    List<StoredRun> runs = cleanup.find();
    if (application != null) {
      runs = only(runs, application);
    }
    if (runs.isEmpty()) {
      out().println(application == null ? "No runs." : "Nothing of " + application + ".");
    }
    for (StoredRun run : runs) {
      if (isKept(run, now)) {
        print(run, now, "kept");
        continue;
      }
      if (!dryRun) {
        cleanup.delete(run);
      }
      print(run, now, dryRun ? "would be deleted" : "deleted");
    }
    out().flush();
  }

  /** The application's; two that share its id must be named in full. */
  static List<StoredRun> only(List<StoredRun> runs, String application) throws IOException {
    List<StoredRun> found = runs.stream().filter(run -> run.isOf(application)).toList();
    if (found.size() < 2) {
      return found;
    }
    List<StoredRun> exact =
        found.stream().filter(run -> run.application().equals(application)).toList();
    if (exact.isEmpty()) {
      throw new IOException(
          "Cannot clean up %s: these share the id: %s. Pass one of them."
              .formatted(
                  application,
                  found.stream().map(StoredRun::application).collect(Collectors.joining(", "))));
    }
    return exact;
  }

  private boolean isKept(StoredRun run, Instant now) throws IOException {
    if (application == null) {
      return run.isYoung(now, olderThan);
    }
    if (run.mayRun(now, olderThan) && !force) {
      throw new IOException(
          "Cannot clean up %s: it gave a sign of life %s ago and may be running. Stop it, or wait %s, or pass --force."
              .formatted(application, Ages.text(age(run, now)), Ages.text(olderThan)));
    }
    return false;
  }

  private void cleanOutput(ObjectStore store, OutputLayout output) throws IOException {
    // Below _letsdata/: tools that list the output must not see the probe.
    String probes = output.letsDataPrefix().replaceFirst("/$", "");
    Instant now = new RunCleanup(store, new ObjectLocation(output.bucket(), probes)).now();
    OutputCleanup.Leftovers left = OutputCleanup.find(store, output, now, olderThan);
    if (!dryRun) {
      OutputCleanup.delete(store, left);
    }
    for (OutputCleanup.Unusable unusable : left.unusable()) {
      out()
          .printf(
              "%s  uploads kept, because the recovery record %s cannot be used: %s%s%n",
              output.output(),
              unusable.record(),
              unusable.why(),
              dryRun ? "" : "; it was set aside");
    }
    out()
        .printf(
            Locale.ROOT,
            "%s  %,d objects, %,d bytes, %,d uploads  %s%n",
            output.output(),
            left.objects().size(),
            left.lengthBytes(),
            left.uploads().size(),
            dryRun ? "would be deleted" : "deleted");
    out().flush();
  }

  private void print(StoredRun run, Instant now, String result) {
    out()
        .printf(
            Locale.ROOT,
            "%s  last sign %s ago%s, %,d objects, %,d bytes, %,d uploads  %s%n",
            run.application(),
            Ages.text(age(run, now)),
            run.ended() ? ", ended" : "",
            run.objects(),
            run.lengthBytes(),
            run.uploads(),
            result);
  }

  private static Duration age(StoredRun run, Instant now) {
    Duration age = Duration.between(run.lastSign(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private OutputLayout output(String text) {
    try {
      return OutputLayout.of(text);
    } catch (IllegalArgumentException e) {
      throw badUse(
          "Invalid location '" + UrlIdentity.hidden(text) + "' (must be s3://<bucket>/<prefix>)");
    }
  }

  private ObjectLocation location(String text) {
    try {
      return ObjectLocation.parse(text);
    } catch (IllegalArgumentException e) {
      throw badUse(
          "Invalid location '" + UrlIdentity.hidden(text) + "' (must be s3://<bucket>/<prefix>)");
    }
  }

  private ParameterException badUse(@Nullable String message) {
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

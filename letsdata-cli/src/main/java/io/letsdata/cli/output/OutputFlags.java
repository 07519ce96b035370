// SPDX-License-Identifier: Apache-2.0
package io.letsdata.cli.output;

import io.letsdata.cli.shared.SparkConfFile;
import io.letsdata.manifest.ManifestException;
import io.letsdata.manifest.OutputLayout;
import io.letsdata.manifest.Snapshot;
import io.letsdata.options.InstalledOptions;
import io.letsdata.options.Options;
import io.letsdata.options.UrlIdentity;
import io.letsdata.options.UserErrorException;
import io.letsdata.read.spi.ManifestLog;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import io.letsdata.store.StoreSettings;
import io.letsdata.store.s3.S3ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The output and the store's settings, which all commands of the group have. */
final class OutputFlags {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "OUTPUT", description = "The output: s3://bucket/prefix.")
  String output = "";

  @Option(
      names = "--conf-file",
      paramLabel = "FILE",
      description = "Spark conf with the store's settings.")
  @Nullable Path confFile;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "One setting; overrides the file. May be repeated.")
  Map<String, String> conf = new LinkedHashMap<>();

  /** A use of the store. */
  interface Use {
    /** Returns the exit code. */
    int with(ObjectStore store, OutputLayout output) throws IOException;
  }

  /** Opens the store, and closes it after its use. */
  int use(Use use) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    if (confFile != null) {
      settings.putAll(SparkConfFile.read(confFile));
    }
    settings.putAll(conf);
    StoreSettings store;
    try {
      InstalledOptions.load().requireKnownSettings(settings.keySet());
      store = StoreSettings.from(Options.ofSession(settings));
    } catch (UserErrorException e) {
      throw badUse(String.valueOf(e.getMessage()));
    }
    OutputLayout layout = layout();
    try (ObjectStore objects = S3ObjectStore.create(store, RequestMeter.PROCESS)) {
      return use.with(objects, layout);
    }
  }

  private OutputLayout layout() {
    try {
      return OutputLayout.of(output);
    } catch (IllegalArgumentException e) {
      throw badUse(
          "Invalid location '" + UrlIdentity.hidden(output) + "' (must be s3://<bucket>/<prefix>)");
    }
  }

  ParameterException badUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The version that a command is about: that of the flag, else the latest. */
  static Snapshot version(ManifestLog log, @Nullable Long number) throws IOException {
    Optional<Snapshot> found = number == null ? log.latest() : log.version(number);
    return found.orElseThrow(
        () ->
            new ManifestException(
                "Cannot read %s: %s is committed there. See letsdata output history."
                    .formatted(
                        log.output(), number == null ? "no version" : "no version " + number)));
  }
}

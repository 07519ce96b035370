// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what this process logs at ERROR and above. Thread-safe. */
final class ErrorCollector extends AbstractAppender {
  private static final String SPARKS_OWN = "org/apache/spark/log4j2-defaults.properties";

  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private volatile Class<?> of = ErrorCollector.class;

  private ErrorCollector() {
    super("errors-" + UUID.randomUUID(), null, null, true, Property.EMPTY_ARRAY); // one a name
  }

  /**
   * Attached to the root logger, whose configuration becomes the one that Spark would choose; were
   * it left to Spark, that would not choose one that has an appender already.
   */
  static ErrorCollector attached() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    if (context.getConfiguration() instanceof DefaultConfiguration) {
      Configurator.reconfigure(resource(SPARKS_OWN));
    }
    ErrorCollector collector = new ErrorCollector();
    collector.start();
    Configuration configuration = context.getConfiguration();
    configuration.addAppender(collector);
    configuration.getRootLogger().addAppender(collector, Level.ERROR, null);
    context.updateLoggers();
    return collector;
  }

  private static URI resource(String name) {
    try {
      return Objects.requireNonNull(ErrorCollector.class.getClassLoader().getResource(name), name)
          .toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void append(LogEvent event) {
    String logger = event.getLoggerName();
    String thrown = event.getThrown() == null ? "" : " (" + event.getThrown() + ")";
    lines.add(
        logger.substring(logger.lastIndexOf('.') + 1)
            + ": "
            + event.getMessage().getFormattedMessage()
            + thrown);
  }

  /** From now on lines are of {@code type}. */
  void begin(Class<?> type) {
    of = type;
  }

  /** The class that lines are of. */
  Class<?> of() {
    return of;
  }

  /** The lines since the last call. */
  List<String> drain() {
    List<String> drained = new ArrayList<>();
    for (String line = lines.poll(); line != null; line = lines.poll()) {
      drained.add(line);
    }
    return drained;
  }
}

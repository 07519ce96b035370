// SPDX-License-Identifier: Apache-2.0
package io.letsdata.executor.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.executor.settings.LambdaSettings;
import io.letsdata.executor.spark.dispatch.FailureMessages;
import io.letsdata.executor.spark.rules.SessionChecks;
import io.letsdata.options.SecretRule;
import io.letsdata.options.UserErrorException;
import io.letsdata.protocol.RunLayout;
import io.letsdata.protocol.RunOptions;
import io.letsdata.store.ObjectContent;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.OutcomeUnknown;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** The prefix of one application in the store. */
final class RunPrefix {
  private static final Logger LOG = LoggerFactory.getLogger(RunPrefix.class);

  private RunPrefix() {}

  /**
   * Publishes the conf under a key that must not exist yet. One PUT.
   *
   * @return the published bytes
   * @throws UserErrorException when the key exists, or nothing can be written there
   */
  static byte[] take(
      SparkConf sparkConf, LambdaSettings settings, ObjectStore store, RunLayout layout) {
    SecretRule secrets = SessionChecks.secretRule(sparkConf);
    Map<String, String> conf = new TreeMap<>();
    Set<String> leftOut = new TreeSet<>();
    for (Tuple2<String, String> entry : sparkConf.getAll()) {
      if (!secrets.isSecret(entry._1(), entry._2())) {
        conf.put(entry._1(), entry._2());
      } else {
        leftOut.add(entry._1());
      }
    }
    if (!leftOut.isEmpty()) {
      LOG.warn(
          "Tasks do not see the settings {}: by {} they may hold secrets, which stay with the"
              + " driver.",
          leftOut,
          SecretRule.PATTERN_KEY);
    }
    try {
      byte[] json = new ObjectMapper().writeValueAsBytes(conf);
      boolean taken;
      try {
        taken = store.putIfAbsent(layout.conf(), ObjectContent.of(json));
      } catch (OutcomeUnknown e) {
        taken = Arrays.equals(store.read(layout.conf()), json);
      }
      if (!taken) {
        throw new UserErrorException(
            "Cannot start: " + layout.root() + " is in use by another application. Start again.");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UserErrorException(
          "Cannot start: cannot write to "
              + settings.runLocation()
              + ": "
              + FailureMessages.line(e)
              + " Set "
              + RunOptions.LOCATION
              + " to a prefix this session may write.");
    }
  }
}

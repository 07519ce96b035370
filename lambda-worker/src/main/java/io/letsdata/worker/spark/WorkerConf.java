// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.spark;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.SparkConf;

/** Makes the conf of an executor in a function from the session's published conf. Pure. */
final class WorkerConf {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WorkerConf() {}

  static SparkConf from(byte[] published, String application, String executorId)
      throws IOException {
    SparkConf conf = new SparkConf(false);
    JSON.readValue(published, new TypeReference<Map<String, String>>() {}).forEach(conf::set);
    conf.remove("spark.executor.memory"); // the function's memory decides
    conf.remove("spark.authenticate"); // for connections to the driver, of which there are none
    return conf.set("spark.app.id", application)
        .set("spark.executor.id", executorId)
        .set("spark.driver.host", "driver.invalid")
        .set("spark.driver.port", "1")
        .set("spark.local.dir", System.getProperty("java.io.tmpdir"))
        .set("spark.shuffle.readHostLocalDisk", "false")
        .set("spark.ui.enabled", "false")
        // The cache would hold a second copy of each file and jar in /tmp.
        .set("spark.files.useFetchCache", "false")
        // The executor always returns the whole result; WorkerRuntime decides where to put it.
        .set("spark.task.maxDirectResultSize", "1g")
        .set("spark.rpc.message.maxSize", "2047")
        .set("spark.executor.heartbeatInterval", "600s");
  }
}

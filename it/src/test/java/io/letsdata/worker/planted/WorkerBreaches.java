// SPDX-License-Identifier: Apache-2.0
package io.letsdata.worker.planted;

import io.letsdata.executor.settings.FunctionInfo;
import io.letsdata.fixtures.store.InMemoryObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Planted breaches: a worker that uses the driver, both SDKs, fixtures and private Spark. */
final class WorkerBreaches {
  private WorkerBreaches() {}

  static FunctionInfo driver(FunctionInfo info) {
    return info;
  }

  static S3Client s3() {
    return S3Client.create();
  }

  static LambdaAsyncClient lambda() {
    return LambdaAsyncClient.create();
  }

  static Configuration configuration() {
    return new Configuration();
  }

  static InMemoryObjectStore fixture() {
    return new InMemoryObjectStore();
  }

  static SparkEnv spark() {
    return SparkEnv.get();
  }

  static void print() {
    System.out.println("a planted breach");
  }
}

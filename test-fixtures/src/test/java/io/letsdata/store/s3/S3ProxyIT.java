// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.fixtures.store.ObjectStoreRaceContract;
import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class S3ProxyIT extends ObjectStoreRaceContract {

  private static S3ProxyServer server;
  private static ObjectStore s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server = S3ProxyServer.start(S3ProxyServer.builtJars(), folder, "bucket");
    s3 = S3ObjectStore.create(server.settings(), new RequestMeter());
  }

  @AfterAll
  static void stop() {
    s3.close();
    server.close();
  }

  @Override
  protected ObjectStore store() {
    return s3;
  }

  @Override
  protected String bucket() {
    return "bucket";
  }
}

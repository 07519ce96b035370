// SPDX-License-Identifier: Apache-2.0
package io.letsdata.store.s3;

import io.letsdata.fixtures.store.ObjectStoreContract;
import io.letsdata.fixtures.store.S3ProxyServer;
import io.letsdata.fixtures.store.ServerProcess;
import io.letsdata.fixtures.store.TestIdentity;
import io.letsdata.store.ObjectStore;
import io.letsdata.store.RequestMeter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A second server, so that the contract is that of S3 and not of one server. */
class S3MockIT extends ObjectStoreContract {

  private static final Pattern PORT =
      Pattern.compile("Tomcat started on ports .* (\\d+) \\(http\\)");

  private static ServerProcess server;
  private static ObjectStore s3;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    server =
        ServerProcess.start(
            S3ProxyServer.builtJars().resolve("../../../s3mock/target/lib").normalize(),
            List.of(
                "-Dcom.adobe.testing.s3mock.store.initial-buckets=bucket",
                "-Dcom.adobe.testing.s3mock.store.root=" + folder,
                "com.adobe.testing.s3mock.S3MockApplication",
                "--server.port=0",
                "--http.port=0"),
            PORT);
    URI endpoint = URI.create("http://127.0.0.1:" + server.port());
    s3 = S3ObjectStore.create(TestIdentity.settings(endpoint), new RequestMeter());
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

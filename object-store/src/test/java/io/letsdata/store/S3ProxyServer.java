package io.letsdata.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** s3proxy over a folder, in a process of its own, for tests. Whoever starts it closes it. */
public final class S3ProxyServer implements AutoCloseable {

  private static final Pattern PORT =
      Pattern.compile("Started .*ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final Pattern UNFINISHED =
      Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.DOTALL);

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private final ServerProcess process;
  private final Path data;

  private S3ProxyServer(ServerProcess process, Path data) {
    this.process = process;
    this.data = data;
  }

  /**
   * Starts it with one bucket.
   *
   * @param jars where the build put them: {@code object-store/servers/s3proxy/target/lib}
   * @param folder empty, outlives the server; its data and configuration are kept here
   */
  public static S3ProxyServer start(Path jars, Path folder, String bucket) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(data.resolve(bucket));
    Path logback = Files.writeString(folder.resolve("logback.xml"), LOGBACK);
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.endpoint=http://127.0.0.1:0
            s3proxy.identity=%1$s
            s3proxy.credential=%2$s
            s3proxy.ignore-unknown-headers=true
            jclouds.provider=filesystem-nio2
            jclouds.identity=%1$s
            jclouds.credential=%2$s
            jclouds.filesystem.basedir=%3$s
            """
                .formatted(
                    LocalStackCredentials.ACCESS_KEY, LocalStackCredentials.SECRET_KEY, data));
    List<String> arguments =
        List.of(
            "-Dlogback.configurationFile=" + logback,
            "org.gaul.s3proxy.Main",
            "--properties",
            properties.toString());
    return new S3ProxyServer(ServerProcess.start(jars, arguments, PORT), data);
  }

  /** The class path folder that the build names in the system property {@code letsdata.servers}. */
  public static Path builtJars() {
    return Path.of(System.getProperty("letsdata.servers", "../object-store/servers"))
        .resolve("s3proxy/target/lib");
  }

  /**
   * Whether a listed key is not an object but a PUT under way: the server writes to {@code
   * <key>-<uuid>} and renames that (AbstractNio2BlobStore.putBlob, S3Proxy 4.1), and lists it. S3
   * lists no such key.
   */
  public static boolean isUnfinishedPut(String key) {
    return UNFINISHED.matcher(key).matches();
  }

  /** Makes another bucket. */
  public void createBucket(String name) throws IOException {
    Files.createDirectories(data.resolve(name));
  }

  /** {@code http://127.0.0.1:<port>}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + process.port());
  }

  /** For {@link S3ObjectStore#create}. */
  public StoreSettings settings() {
    return StoreSettings.localStack(endpoint());
  }

  @Override
  public void close() {
    process.close();
  }
}

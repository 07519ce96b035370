// SPDX-License-Identifier: Apache-2.0
package io.letsdata.local.admin;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.letsdata.options.Evolving;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Client of the stand-in's test controls. Thread-safe, holds nothing open. Every method is one
 * request and throws an IOException when the stand-in does not answer or refuses.
 */
@Evolving
public final class LocalAdmin {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param lambdaEndpoint endpoint of the stand-in's Lambda service, which serves the controls
   *     below {@code /_local/}
   * @param token of this start of the stand-in, {@code admin-token} in its home
   */
  public LocalAdmin(URI lambdaEndpoint, String token) {
    this.base = lambdaEndpoint.resolve("/_local/");
    this.token = token;
  }

  /** The environments that exist now. */
  public List<EnvironmentInfo> environments() throws IOException {
    return JSON.readValue(send("GET", "environments", ""), new TypeReference<>() {});
  }

  /** The invocations that ended, the oldest first; the last 100,000 of each function. */
  public List<InvocationRecord> invocations() throws IOException {
    return JSON.readValue(send("GET", "invocations", ""), new TypeReference<>() {});
  }

  /** How many environments were started so far. */
  public long coldStarts() throws IOException {
    return JSON.readValue(send("GET", "cold-starts", ""), Long.class);
  }

  /** Adds a fault behind those that are planned already. */
  public void plan(Fault fault) throws IOException {
    String unused = send("POST", "faults", JSON.writeValueAsString(fault));
  }

  /** From now on faults happen by chance, too; replaces an earlier chaos. */
  public void unleash(Chaos chaos) throws IOException {
    String unused = send("POST", "chaos", JSON.writeValueAsString(chaos));
  }

  /** The planned faults that have not happened yet. */
  public List<Fault> pendingFaults() throws IOException {
    return JSON.readValue(send("GET", "faults", ""), new TypeReference<>() {});
  }

  /** Forgets all planned faults, and ends chaos. */
  public void clearFaults() throws IOException {
    String unused = send("DELETE", "faults", "");
  }

  /** SIGKILL to the process of an environment, as if its host had failed. */
  public void kill(String environmentId) throws IOException {
    String unused = send("POST", "environments/" + environmentId + "/kill", "");
  }

  /** Ends all idle environments, so that the next invocations are cold. */
  public void expireIdle() throws IOException {
    String unused = send("POST", "expire", "");
  }

  private String send(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(
            "Cannot %s %s: status %s, %s"
                .formatted(method, request.uri(), response.statusCode(), response.body()));
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for " + request.uri());
    }
  }
}

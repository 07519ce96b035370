// SPDX-License-Identifier: Apache-2.0
package io.letsdata.it.trust;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of a driver's UI, as a browser and a program find them. Stateless. */
final class HttpPages {
  /** Enough for the jobs of one test; links that sort a table are left out. */
  private static final int MOST = 400;

  private static final Pattern LINK = Pattern.compile("href=[\"'](/[^\"'#]*|\\?[^\"'#]*)");
  private static final Pattern ID = Pattern.compile("\"(stageId|id|jobId)\" : \"?([\\w.-]+)\"?");
  private static final Pattern SORTED = Pattern.compile("[?&][\\w.-]*(sort|desc|pageSize)[=.]");

  private HttpPages() {}

  /** All pages that can be reached from the first one by links. */
  static Map<String, byte[]> reachable(URI first) throws IOException, InterruptedException {
    Map<String, byte[]> pages = new LinkedHashMap<>();
    Deque<String> links = new ArrayDeque<>(List.of("/jobs/", "/environment/", "/SQL/"));
    Set<String> seen = new LinkedHashSet<>(links);
    while (!links.isEmpty() && pages.size() < MOST) {
      String link = links.remove();
      byte[] page = get(first.resolve(link));
      pages.put(link, page);
      Matcher matcher = LINK.matcher(new String(page, StandardCharsets.UTF_8));
      while (matcher.find()) {
        String next = matcher.group(1).replace("&amp;", "&");
        if (next.startsWith("/")
            && !next.startsWith("/static/")
            && !SORTED.matcher(next).find()
            && !next.contains("/kill")
            && seen.add(next)) {
          links.add(next);
        }
      }
    }
    return pages;
  }

  /** The responses of the REST API (Spark's page "Monitoring and Instrumentation", "REST API"). */
  static Map<String, byte[]> rest(URI ui) throws IOException, InterruptedException {
    Map<String, byte[]> responses = new LinkedHashMap<>();
    String application =
        "/api/v1/applications/" + ids(responses, ui, "/api/v1/applications").iterator().next();
    for (String path :
        List.of("/environment", "/allexecutors", "/storage/rdd", "/sql?details=true&length=1000")) {
      responses.put(path, get(ui.resolve(application + path)));
    }
    Set<String> jobs = ids(responses, ui, application + "/jobs");
    for (String job : jobs) {
      responses.put("job " + job, get(ui.resolve(application + "/jobs/" + job)));
    }
    for (String stage : ids(responses, ui, application + "/stages?details=true")) {
      responses.put("stage " + stage, get(ui.resolve(application + "/stages/" + stage)));
    }
    return responses;
  }

  private static Set<String> ids(Map<String, byte[]> responses, URI ui, String path)
      throws IOException, InterruptedException {
    byte[] response = get(ui.resolve(path));
    responses.put(path, response);
    Set<String> ids = new LinkedHashSet<>();
    Matcher matcher = ID.matcher(new String(response, StandardCharsets.UTF_8));
    while (matcher.find()) {
      ids.add(matcher.group(2));
    }
    return ids;
  }

  private static byte[] get(URI page) throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build()
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }
}

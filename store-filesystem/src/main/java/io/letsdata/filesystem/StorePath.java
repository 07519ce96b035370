// SPDX-License-Identifier: Apache-2.0
package io.letsdata.filesystem;

import io.letsdata.options.Internal;
import io.letsdata.store.ObjectLocation;
import io.letsdata.store.ObjectStat;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * The path of an object in Hadoop: {@code letsdata-store://<bucket>/<pin>/<key>}. A pinned path has
 * the object's length and etag. So its holder needs no request to learn the length, and each read
 * can require the etag. Costs no request.
 *
 * <p>{@code <pin>} is {@code -}, or {@code <length>-<etag in base64url>}. The key is last and
 * readable, because codecs are chosen by its extension. Only the text that a {@link Path} would
 * lose (empty, {@code .} and {@code ..} segments, a slash at an end, {@code ~}) is written as
 * {@code ~} and two hex digits.
 *
 * @param pin required length and etag, when known
 */
@Internal
public record StorePath(ObjectLocation location, Optional<ObjectStat> pin) {

  /** The private scheme. */
  public static final String SCHEME = "letsdata-store";

  private static final String UNPINNED = "-";
  private static final Pattern FORM =
      Pattern.compile("/(-|(\\d{1,18})-([A-Za-z0-9_-]+))(?:/(.*))?", Pattern.DOTALL);
  private static final Pattern LOST_BY_PATH =
      Pattern.compile("~|^/|/$|(?<=/)/|(?<=^|/)\\.(?=\\.?(?:/|$))");

  /** The names that a listing of Spark or Hadoop leaves out (HadoopFSUtils, Spark 3.5.9). */
  private static final Pattern HIDDEN = Pattern.compile("(?<=^|/)[_.](?=[^/]*$)|\\.(?=_COPYING_$)");

  private static final Pattern ESCAPE = Pattern.compile("~([0-9a-f]{2})");

  /** The path of an object whose version is not known. */
  public static StorePath unpinned(ObjectLocation location) {
    return new StorePath(location, Optional.empty());
  }

  /**
   * The path of exactly this version of an object; unpinned when the etag is empty, which means
   * unknown.
   */
  public static StorePath pinned(ObjectLocation location, ObjectStat stat) {
    return new StorePath(location, Optional.of(stat).filter(known -> !known.etag().isEmpty()));
  }

  /**
   * Reads a path that {@link #toPath} made.
   *
   * @throws IllegalArgumentException when the path has another form
   */
  public static StorePath parse(Path path) {
    String bucket = path.toUri().getAuthority();
    String rest = path.toUri().getPath();
    if (!SCHEME.equals(path.toUri().getScheme()) || bucket == null) {
      throw unreadable(path);
    }
    if (rest.isEmpty() || rest.equals("/")) {
      return unpinned(new ObjectLocation(bucket, ""));
    }
    Matcher matcher = FORM.matcher(rest);
    if (!matcher.matches()) {
      throw unreadable(path);
    }
    ObjectLocation location =
        new ObjectLocation(bucket, matcher.group(4) == null ? "" : unescape(matcher.group(4)));
    return matcher.group(2) == null
        ? unpinned(location)
        : pinned(location, new ObjectStat(Long.parseLong(matcher.group(2)), etag(path, matcher)));
  }

  private static String etag(Path path, Matcher matcher) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(matcher.group(3));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unreadable(path);
    }
  }

  private static IllegalArgumentException unreadable(Path path) {
    return new IllegalArgumentException(
        "Cannot use path '"
            + path
            + "': it is not "
            + SCHEME
            + "://<bucket>/<pin>/<key>. Make it with StorePath.");
  }

  /** The path. */
  public Path toPath() {
    return path(escape(location.key()));
  }

  /**
   * The path, for an object that a manifest names: no listing leaves it out, whatever its name. The
   * first character of a name like {@code _a} or {@code .a} is written as {@code ~} and two hex
   * digits.
   */
  public Path toListedPath() {
    return path(
        HIDDEN.matcher(escape(location.key())).replaceAll(found -> hex(found.group().charAt(0))));
  }

  private Path path(String escapedKey) {
    String pinText =
        pin.map(
                stat ->
                    stat.lengthBytes()
                        + "-"
                        + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(stat.etag().getBytes(StandardCharsets.UTF_8)))
            .orElse(UNPINNED);
    return new Path(SCHEME, location.bucket(), "/" + pinText + "/" + escapedKey);
  }

  /** The path as text. */
  @Override
  public String toString() {
    return toPath().toString();
  }

  private static String escape(String key) {
    return LOST_BY_PATH.matcher(key).replaceAll(found -> hex(found.group().charAt(0)));
  }

  private static String hex(char character) {
    return "~" + HexFormat.of().toHexDigits((byte) character);
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }
}

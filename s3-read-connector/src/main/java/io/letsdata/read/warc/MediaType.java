// SPDX-License-Identifier: Apache-2.0
package io.letsdata.read.warc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.letsdata.options.Internal;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a header Content-Type. Pure.
 *
 * @param name type and subtype in lower case; empty when there is none
 * @param charset as the header declares it
 */
@Internal
public record MediaType(String name, Optional<String> charset) {
  private static final Pattern CHARSET =
      Pattern.compile("(?i)(?:^|[;\\s])charset\\s*=\\s*[\"']?([\\w.:+-]+)");
  private static final Pattern IN_XML =
      Pattern.compile("(?i)^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([\\w.:+-]+)[\"']");
  private static final Pattern IN_HTML =
      Pattern.compile("(?i)<meta[^>]*?charset\\s*=\\s*[\"']?([\\w.:+-]+)");
  private static final int DECLARATION_BYTES = 1024;

  /** Reads a header's value. */
  public static MediaType parse(Optional<String> header) {
    String value = header.orElse("").strip();
    int end = value.indexOf(';');
    String name = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    Matcher charset = CHARSET.matcher(end < 0 ? "" : value.substring(end));
    return new MediaType(name, charset.find() ? Optional.of(charset.group(1)) : Optional.empty());
  }

  /** Whether this is an HTTP message. */
  public boolean isHttp() {
    return name.equals("application/http");
  }

  /** Whether people can read it: text, JSON, XML and WARC's fields. */
  public boolean isText() {
    return name.startsWith("text/")
        || name.equals("application/json")
        || name.equals("application/xml")
        || name.equals("application/warc-fields")
        || name.endsWith("+json")
        || name.endsWith("+xml");
  }

  /**
   * Text of this type in UTF-8. Its charset is the declared one, else that of a byte-order mark,
   * else the one that XML or HTML declares within, else UTF-8; so is a charset that Java does not
   * know. UTF-8 is not checked.
   */
  public byte[] toUtf8(byte[] text) {
    Charset charset = charsetOf(text);
    return charset.equals(UTF_8) ? text : new String(text, charset).getBytes(UTF_8);
  }

  private Charset charsetOf(byte[] text) {
    if (charset.isPresent()) {
      return known(charset.get());
    }
    if (text.length >= 2
        && ((text[0] == (byte) 0xfe && text[1] == (byte) 0xff)
            || (text[0] == (byte) 0xff && text[1] == (byte) 0xfe))) {
      return UTF_16;
    }
    if (name.endsWith("xml") || name.equals("text/html")) {
      String start = new String(text, 0, Math.min(text.length, DECLARATION_BYTES), ISO_8859_1);
      Matcher declared = IN_XML.matcher(start);
      if (declared.find()) {
        return known(declared.group(1));
      }
      Matcher meta = IN_HTML.matcher(start);
      if (name.contains("html") && meta.find()) {
        return known(meta.group(1));
      }
    }
    return UTF_8;
  }

  private static Charset known(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return UTF_8;
    }
  }
}

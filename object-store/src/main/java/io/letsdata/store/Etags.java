package io.letsdata.store;

/** Etags as HTTP quotes them and as we keep them. */
final class Etags {

  private Etags() {}

  static String plain(String header) {
    String strong = header.startsWith("W/") ? header.substring(2) : header;
    return strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"")
        ? strong.substring(1, strong.length() - 1)
        : strong;
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }
}

package io.parley.web;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One file as it is sent.
 *
 * @param content its bytes
 * @param compressed the same in gzip; {@code content} itself where that would not make it smaller
 * @param tag its entity tag, in quotes: a hash of the content
 */
record WebFile(
    Buffer content, Buffer compressed, String mediaType, String tag, String cacheControl) {

  /** For files whose address has a hash of the content in it: such an address never changes. */
  static final String FOR_EVER = "public, max-age=31536000, immutable";

  /** For files whose address stays: they are asked for again each time, and mostly not sent. */
  static final String ASK_AGAIN = "no-cache";

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "png", "image/png",
          "svg", "image/svg+xml",
          "woff2", "font/woff2");

  static WebFile of(String name, byte[] content, String cacheControl) {
    Buffer buffer = Buffer.buffer(content);
    byte[] compressed = name.endsWith(".woff2") || name.endsWith(".png") ? content : gzip(content);
    return new WebFile(
        buffer,
        compressed.length < content.length ? Buffer.buffer(compressed) : buffer,
        mediaType(name),
        '"' + Hash.ofBytes(content) + '"',
        cacheControl);
  }

  WebFile cached(String otherCacheControl) {
    return new WebFile(content, compressed, mediaType, tag, otherCacheControl);
  }

  /** Whether the compressed form is the smaller one. */
  boolean isCompressible() {
    return compressed.length() < content.length();
  }

  /** Whether a file of this name is one that browsers are given. */
  static boolean isServed(String name) {
    return MEDIA_TYPES.containsKey(name.substring(name.lastIndexOf('.') + 1));
  }

  /** Whether the client has this content already, by its header {@code if-none-match}. */
  boolean isTagged(@Nullable String tags) {
    return tags != null
        && Arrays.stream(tags.split(",", -1))
            .map(String::strip)
            .anyMatch(each -> each.equals("*") || each.replaceFirst("^W/", "").equals(tag));
  }

  private static String mediaType(String name) {
    String type = MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalArgumentException("no media type is known for " + name);
    }
    return type;
  }

  private static byte[] gzip(byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length / 2);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}

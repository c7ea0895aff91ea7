package io.parley.chat.notifications;

import io.parley.concurrent.client.ApiResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads status and headers of an answer by HTTP/1.1, and no more. Belongs to one thread. */
final class ResponseHead {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");
  private static final int FIRST_FINAL = 200;
  private static final byte[] NO_BODY = {};

  private final InputStream in;
  private int left = NotificationLimits.MAX_HEAD_BYTES;

  private ResponseHead(InputStream in) {
    this.in = in;
  }

  /**
   * Reads the head of the final answer.
   *
   * @throws IOException if it is none, or is too long
   */
  static ApiResponse read(InputStream in) throws IOException {
    ResponseHead head = new ResponseHead(new BufferedInputStream(in));
    ApiResponse response = head.next();
    while (response.status() < FIRST_FINAL) { // such as 103, which announces another
      response = head.next();
    }
    return response;
  }

  private ApiResponse next() throws IOException {
    Matcher status = STATUS.matcher(line());
    if (!status.matches()) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    return new ApiResponse(Integer.parseInt(status.group(1)), headers, NO_BODY);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = one(); c != '\n'; c = one()) {
      line.append((char) c);
    }
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  /** Bytes are characters here (ISO 8859-1), as headers have it. */
  private int one() throws IOException {
    int c = in.read();
    if (c < 0 || left-- <= 0) {
      throw new IOException(
          c < 0 ? "the answer ends midway" : "the head of the answer is too long");
    }
    return c;
  }
}

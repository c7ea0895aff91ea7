package io.parley.concurrent.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an API answered. Immutable; the body is not copied. */
public final class ApiResponse {
  private final int status;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final byte[] body;

  /** An answer with a status, headers by name in any case, and a body, maybe empty. */
  public ApiResponse(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    this.headers.putAll(headers);
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The first value of a header, its name in any case. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** The body, maybe empty. */
  public byte[] body() {
    return body;
  }
}

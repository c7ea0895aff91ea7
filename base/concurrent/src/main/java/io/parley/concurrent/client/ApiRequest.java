package io.parley.concurrent.client;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call to an API, as often as it may have to be made. Immutable; bodies are not copied. */
public final class ApiRequest {
  // RFC 9110, 9.2.2: doing it twice has the effect of doing it once.
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
  private static final byte[] NO_BODY = {};

  private final String method;
  private final URI uri;
  private final Map<String, String> headers;
  private final byte[] body;
  private final @Nullable String idempotencyKey;

  private ApiRequest(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      @Nullable String idempotencyKey) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.idempotencyKey = idempotencyKey;
  }

  /** A GET. */
  public static ApiRequest get(URI uri) {
    return of("GET", uri, NO_BODY);
  }

  /**
   * A POST that is not retried once it may have arrived, unless it gets a key ({@link
   * #withIdempotencyKey}).
   */
  public static ApiRequest post(URI uri, byte[] body) {
    return of("POST", uri, body);
  }

  /** Any method, in capitals. */
  public static ApiRequest of(String method, URI uri, byte[] body) {
    return new ApiRequest(method, uri, Map.of(), body, null);
  }

  /** The same with a header; one that it had under this name is replaced. */
  public ApiRequest withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ApiRequest(method, uri, more, body, idempotencyKey);
  }

  /**
   * The same with a key by which the server knows a repetition, and does not do it again. It is
   * sent as {@code Idempotency-Key}, the same in all attempts.
   */
  public ApiRequest withIdempotencyKey(String key) {
    return new ApiRequest(method, uri, headers, body, key);
  }

  /** Whether it may be made again although an attempt may have arrived. */
  public boolean isSafeToRepeat() {
    return idempotencyKey != null || IDEMPOTENT.contains(method);
  }

  /** The method, in capitals. */
  public String method() {
    return method;
  }

  /** Where to. */
  public URI uri() {
    return uri;
  }

  /** Headers, without that of the key. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body, maybe empty. */
  public byte[] body() {
    return body;
  }

  /** The key of {@link #withIdempotencyKey}, if it has one. */
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}

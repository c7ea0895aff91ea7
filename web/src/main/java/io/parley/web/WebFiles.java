package io.parley.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the web pages: GET and HEAD, compressed where the client takes it, with an entity tag.
 * What is not in {@link Site} does not exist: a path is a key of a map and never becomes the name
 * of a file. Thread-safe.
 */
public final class WebFiles {
  /** Paths that belong to the chat app, which reads from them what to show. */
  private static final Pattern CHAT = Pattern.compile("/|/sign-in|/(c|share)/[A-Za-z0-9_-]{1,80}");

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private static final Pattern OPERATOR = Pattern.compile("/operator(/.*)?");

  /** Gzip in a list of encodings, unless its weight is zero (RFC 9110, 12.5.3). */
  private static final Pattern GZIP =
      Pattern.compile("(^|,)\\s*gzip\\s*(;\\s*q=(1|0\\.0*[1-9])[0-9.]*\\s*)?(,|$)");

  /**
   * Sent with every file. Nothing is said to other sites of where a reader came from: an address
   * here may be a link that was shared with few.
   */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "x-content-type-options", "nosniff",
          "referrer-policy", "no-referrer",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin",
          "permissions-policy", "camera=(), geolocation=(), microphone=()");

  private WebFiles() {}

  /**
   * Read when they are first asked for, and not on an event loop: the first requests wait for it
   * without holding up others. A server without pages never reads them.
   */
  private static final class Files {
    static final Site SITE = Site.read(WebFiles.class.getClassLoader());
  }

  /** Whether a path is that of a page, or of a file that pages need. */
  public static boolean takes(String path) {
    return path.startsWith("/assets/")
        || CHAT.matcher(path).matches()
        || OPERATOR.matcher(path).matches();
  }

  /** What answers on one event loop. Runs the second argument when a response is over. */
  public static BiConsumer<HttpServerRequest, Runnable> handler(Vertx vertx) {
    Future<@Nullable Site> site = vertx.executeBlocking(() -> Files.SITE);
    return (request, over) -> {
      request.response().endHandler(ended -> over.run());
      request.response().closeHandler(closed -> over.run());
      site.onSuccess(files -> answer(Objects.requireNonNull(files), request))
          .onFailure(broken -> request.response().setStatusCode(500).end());
    };
  }

  private static void answer(Site site, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    ALWAYS.forEach(response::putHeader);
    response.putHeader("content-security-policy", site.policy());
    if (!READING.contains(request.method())) {
      response.putHeader(HttpHeaders.ALLOW, "GET, HEAD").setStatusCode(405).end();
      return;
    }
    find(site, request.path())
        .ifPresentOrElse(
            file -> send(file, request),
            () ->
                response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store").setStatusCode(404).end());
  }

  private static Optional<WebFile> find(Site site, @Nullable String path) {
    if (path == null) {
      return Optional.empty();
    }
    if (CHAT.matcher(path).matches()) {
      return site.page("index.html");
    }
    return OPERATOR.matcher(path).matches()
        ? site.page("operator/index.html")
        : site.asset(path.substring(1));
  }

  private static void send(WebFile file, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader(HttpHeaders.ETAG, file.tag())
        .putHeader(HttpHeaders.CACHE_CONTROL, file.cacheControl())
        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (file.isTagged(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType());
    boolean gzip = file.isCompressible() && takesGzip(request);
    Buffer body = gzip ? file.compressed() : file.content();
    if (gzip) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private static boolean takesGzip(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    return accepted != null && GZIP.matcher(accepted.toLowerCase(Locale.ROOT)).find();
  }
}

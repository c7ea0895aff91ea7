package io.parley.concurrent.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls by the JDK's HTTP client.
 *
 * <p><b>The hazards.</b> <em>An endless body</em>: more than {@code maxBodyBytes} is an error, not
 * an exhausted heap. <em>A time-out that ends with the headers</em>: the JDK's own is over when
 * they arrive, and a body that trickles in may take for ever; so the exchange is also given up as a
 * whole. <em>A refused connection taken for an unknown outcome</em>: it is told apart, since then
 * every call may be repeated.
 *
 * <p>Redirects, proxies, TLS and the connect time-out are those of the client it is given.
 * Thread-safe.
 */
public final class HttpTransport implements Transport {
  private final HttpClient client;
  private final long maxBodyBytes;

  /**
   * A transport.
   *
   * @param client with a connect time-out, if one is wanted that is shorter than a whole attempt
   * @param maxBodyBytes the largest body of an answer; a larger one makes the call fail
   */
  public HttpTransport(HttpClient client, long maxBodyBytes) {
    this.client = client;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public ApiResponse send(ApiRequest request, long timeoutNanos)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = exchange(httpRequest(request, timeoutNanos), timeoutNanos);
    return new ApiResponse(response.statusCode(), response.headers().map(), response.body());
  }

  private static HttpRequest httpRequest(ApiRequest request, long timeoutNanos) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.uri())
            .method(
                request.method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()))
            .timeout(Duration.ofNanos(timeoutNanos));
    request.headers().forEach(builder::setHeader);
    request.idempotencyKey().ifPresent(key -> builder.setHeader("Idempotency-Key", key));
    return builder.build();
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, long timeoutNanos)
      throws IOException, InterruptedException {
    var exchange =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBodyBytes));
    try {
      return exchange.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer in time");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      exchange.cancel(true); // if it is not over: nobody waits for it any more
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case ConnectException refused -> new NotSentException(refused);
      case HttpConnectTimeoutException late -> new NotSentException(late);
      case IOException io -> io;
      case null, default -> new IOException("the HTTP client failed", cause);
    };
  }
}

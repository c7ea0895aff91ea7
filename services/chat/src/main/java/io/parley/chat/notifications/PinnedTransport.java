package io.parley.chat.notifications;

import io.parley.concurrent.client.ApiRequest;
import io.parley.concurrent.client.ApiResponse;
import io.parley.concurrent.client.NotSentException;
import io.parley.concurrent.client.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls by HTTP/1.1, a connection for each call, to an address that was judged before: HTTP clients
 * resolve names by themselves, after whoever checked them, and may so be led elsewhere. The name is
 * what the certificate must be made out to. Redirects are answers like others, and of an answer
 * only the head is read. Thread-safe.
 *
 * <p>Source: RFC 9112.
 */
final class PinnedTransport implements Transport {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final Destinations destinations;
  private final SSLSocketFactory tls;
  private final ExecutorService threads;

  /**
   * @param threads where calls run, so that one that is late can be given up: virtual threads
   */
  PinnedTransport(Destinations destinations, SSLSocketFactory tls, ExecutorService threads) {
    this.destinations = destinations;
    this.tls = tls;
    this.threads = threads;
  }

  @Override
  public ApiResponse send(ApiRequest request, long timeoutNanos)
      throws IOException, InterruptedException {
    // Closing the socket is what ends a call that waits, whatever it waits for.
    try (Socket socket = new Socket()) {
      Future<ApiResponse> call = begin(request, socket);
      try {
        return call.get(timeoutNanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new SocketTimeoutException("no answer in time");
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } finally {
        call.cancel(true);
      }
    }
  }

  private Future<ApiResponse> begin(ApiRequest request, Socket socket) throws IOException {
    try {
      return threads.submit(() -> exchange(request, socket));
    } catch (RejectedExecutionException e) {
      throw new NotSentException(new IOException("the server is stopping", e));
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    return cause instanceof IOException io ? io : new IOException("the call failed", cause);
  }

  private ApiResponse exchange(ApiRequest request, Socket socket) throws IOException {
    Socket connected = connect(request.uri(), socket);
    OutputStream out = connected.getOutputStream();
    out.write(bytes(request));
    out.flush();
    return ResponseHead.read(connected.getInputStream());
  }

  private Socket connect(URI uri, Socket socket) throws IOException {
    boolean secure = "https".equals(uri.getScheme());
    int usual = secure ? HTTPS_PORT : HTTP_PORT;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    try {
      socket.connect(new InetSocketAddress(destinations.resolve(uri.getHost()), port));
      return secure ? secured(socket, uri.getHost(), port) : socket;
    } catch (IOException e) {
      throw new NotSentException(e);
    }
  }

  private Socket secured(Socket socket, String host, int port) throws IOException {
    SSLSocket secured = (SSLSocket) tls.createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static byte[] bytes(ApiRequest request) {
    URI uri = request.uri();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", uri.getHost() + port);
    headers.put("Content-Length", Integer.toString(request.body().length));
    headers.put("Connection", "close");
    headers.putAll(request.headers());
    request.idempotencyKey().ifPresent(key -> headers.put("Idempotency-Key", key));
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(request.body());
    return all.toByteArray();
  }
}

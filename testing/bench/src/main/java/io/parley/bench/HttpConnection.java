package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The least that a load generator needs of HTTP/1.1: one kept-alive connection, one request at a
 * time, bodies by length or in chunks. Far cheaper than a full client, so that the server is what
 * is measured. Blocking; one thread.
 */
final class HttpConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  HttpConnection(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
  }

  /**
   * Sends a whole request and reads the whole response, giving each piece of its body as it comes.
   *
   * @return the status
   */
  int exchange(byte[] request, Consumer<byte[]> body) throws IOException {
    socket.getOutputStream().write(request);
    String first = line();
    int status = Integer.parseInt(first.split(" ", 3)[1]);
    int length = readHead();
    if (length < 0) {
      readChunks(body);
    } else {
      body.accept(in.readNBytes(length));
    }
    return status;
  }

  /** Reads the header lines; −1 where the body comes in chunks. */
  private int readHead() throws IOException {
    int length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    return length;
  }

  private void readChunks(Consumer<byte[]> body) throws IOException {
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.accept(in.readNBytes(size));
      line();
    }
    line();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  /** A whole request of the Messages API. */
  static byte[] post(String path, String key, String json) {
    return post(path, Map.of("x-api-key", key, "anthropic-version", "2023-06-01"), json);
  }

  static byte[] post(String path, Map<String, String> headers, String json) {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-type: application/json\r\ncontent-length: ").append(json.length());
    return head.append("\r\n\r\n").append(json).toString().getBytes(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The least that a load generator needs of HTTP/1.1: one kept-alive connection, one request at a
 * time, bodies by length or in chunks. Far cheaper than a full client, so that the server is what
 * is measured. Blocking; one thread.
 */
final class HttpConnection implements AutoCloseable {
  /** Where the status begins in a response's first line: after "HTTP/1.1 ". */
  private static final int STATUS_AT = 9;

  private static final String LENGTH = "content-length:";
  private static final int BUFFER_BYTES = 16 << 10;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final StringBuilder line = new StringBuilder();
  private int at;
  private int end;

  HttpConnection(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  /**
   * Sends a whole request and reads the whole response, giving each piece of its body as it comes.
   *
   * @return the status
   */
  int exchange(byte[] request, Consumer<byte[]> body) throws IOException {
    socket.getOutputStream().write(request);
    int status = Integer.parseInt(line(), STATUS_AT, STATUS_AT + 3, 10);
    int length = readHead();
    if (length < 0) {
      readChunks(body);
    } else {
      body.accept(bytes(length));
    }
    return status;
  }

  /** Reads the header lines; −1 where the body comes in chunks. */
  private int readHead() throws IOException {
    int length = -1;
    while (!line().isEmpty()) {
      if (isLength()) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    return length;
  }

  private boolean isLength() {
    return line.length() > LENGTH.length()
        && line.charAt(LENGTH.length() - 1) == ':'
        && line.substring(0, LENGTH.length()).equalsIgnoreCase(LENGTH);
  }

  private void readChunks(Consumer<byte[]> body) throws IOException {
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.accept(bytes(size));
      line();
    }
    line();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 0, line.length(), 16);
  }

  /** The next line, until the one after it is read. */
  private CharSequence line() throws IOException {
    line.setLength(0);
    for (char c = next(); c != '\n'; c = next()) {
      if (c != '\r') {
        line.append(c);
      }
    }
    return line;
  }

  private char next() throws IOException {
    if (at == end) {
      fill();
    }
    return (char) (buffer[at++] & 0xff);
  }

  private byte[] bytes(int count) throws IOException {
    byte[] all = new byte[count];
    for (int filled = 0; filled < count; ) {
      if (at == end) {
        fill();
      }
      int some = Math.min(count - filled, end - at);
      System.arraycopy(buffer, at, all, filled, some);
      at += some;
      filled += some;
    }
    return all;
  }

  private void fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    if (end == 0) {
      throw new EOFException("the server closed the connection");
    }
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

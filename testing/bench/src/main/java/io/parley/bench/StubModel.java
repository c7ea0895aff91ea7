package io.parley.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/**
 * The model of {@link PacedModelPool} behind plain HTTP, without any gateway: every request gets
 * the same answer at once, in the shape that its path asks for. It is what a gateway's latency is
 * compared with, and what a peer's gateway forwards to. Any number of threads.
 */
final class StubModel implements AutoCloseable {
  /** As long as the answers of {@link PacedModelPool} to requests for sixteen tokens. */
  private static final String TEXT = "x".repeat(64);

  private static final byte[] MESSAGE =
      response(
          "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"paced\","
              + "\"content\":[{\"type\":\"text\",\"text\":\""
              + TEXT
              + "\"}],\"stop_reason\":\"max_tokens\",\"stop_sequence\":null,"
              + "\"usage\":{\"input_tokens\":10,\"output_tokens\":16}}");

  private static final byte[] COMPLETION =
      response(
          "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"paced\","
              + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
              + TEXT
              + "\"},\"finish_reason\":\"length\"}],"
              + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":16,\"total_tokens\":26}}");

  private final ServerSocket server;

  StubModel() throws IOException {
    server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofPlatform().name("stub-model").daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private static byte[] response(String json) {
    String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
    return (head + json.length() + "\r\n\r\n" + json).getBytes(ISO_8859_1);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread _ = Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 8 << 10);
      OutputStream out = socket.getOutputStream();
      for (String first = line(in); !first.isEmpty(); first = line(in)) {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          String lower = line.toLowerCase(Locale.ROOT);
          if (lower.startsWith("content-length:")) {
            length = Integer.parseInt(lower.substring("content-length:".length()).strip());
          }
        }
        in.skipNBytes(length);
        out.write(first.contains("/chat/completions") ? COMPLETION : MESSAGE);
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  /** Empty at the end of a head, and where the connection ends. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

package io.parley.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call on a connection of its own, whose stream can be cut anywhere. */
final class RawStream implements AutoCloseable {
  private final RawConnection connection;
  private @Nullable String head;
  private @Nullable Events events;

  private RawStream(RawConnection connection) {
    this.connection = connection;
  }

  static RawStream post(TestGateway server, String body, String... headers) throws IOException {
    RawConnection connection = new RawConnection(server);
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "content-length: " + body.getBytes(StandardCharsets.UTF_8).length;
    connection.head("POST /v1/messages", all).send(body);
    return new RawStream(connection);
  }

  /** What follows an event. */
  static RawStream after(TestGateway server, String eventId) throws IOException {
    String messageId = eventId.substring(0, eventId.indexOf(':'));
    RawConnection connection = new RawConnection(server);
    connection.head("GET /v1/messages/" + messageId + "/events", "last-event-id: " + eventId);
    return new RawStream(connection);
  }

  /** Status line and headers, in small letters; waits for them. */
  String head() throws IOException {
    if (head == null) {
      head = connection.readHead().toLowerCase(Locale.ROOT);
    }
    return head;
  }

  Events events() throws IOException {
    if (events == null) {
      head();
      events = new Events(new Chunks(connection.in()));
    }
    return events;
  }

  Optional<Events.Event> next() throws IOException {
    return events().next();
  }

  void hangUp() throws IOException {
    connection.hangUp();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  /** The content of a chunked body. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean begun;
    private boolean over;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Never waits for more than there is of a chunk. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && !over) {
        nextChunk();
      }
      if (over) {
        return -1;
      }
      int count = in.read(bytes, offset, Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    private void nextChunk() throws IOException {
      if (begun) {
        in.readNBytes(2);
      }
      begun = true;
      left = Integer.parseInt(line(), 16);
      over = left == 0;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      int next;
      while ((next = in.read()) != '\n') {
        if (next < 0) {
          throw new IOException("closed within a chunked body");
        }
        line.append((char) next);
      }
      return line.toString().strip();
    }
  }
}

package io.parley.bench;

import io.parley.common.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Many streams of chat, read by one thread on one selector, in the server's process. Of an answer
 * of {@link PacedModelPool} it is measured how late each token comes to each viewer.
 */
final class ChatViewers implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long OPEN_LIMIT_SECONDS = 30;

  /** Numbers of fewer digits are no times. */
  private static final int TIME_DIGITS = 6;

  private final TimeSource time;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Histogram late = new Histogram(3);
  private long events;
  private int begun;
  private int closed;

  /** What is known of one stream: a number may come in two pieces. */
  private static final class Viewer {
    boolean begun;
    int digits;
    long number;
  }

  /** What came within a time. */
  record Seen(Histogram lateMicros, long pieces, double seconds) {}

  ChatViewers(TimeSource time) throws IOException {
    this.time = time;
  }

  /** Opens a stream for each of these requests, and returns when all have begun. */
  void open(int port, List<byte[]> requests) throws IOException {
    for (byte[] request : requests) {
      open(port, request);
      selector.selectNow(this::read);
    }
    long end = time.nanoTime() + TimeUnit.SECONDS.toNanos(OPEN_LIMIT_SECONDS);
    while (begun < requests.size()) {
      if (closed > 0 || time.nanoTime() > end) {
        throw new IOException("of %d streams %d began".formatted(requests.size(), begun));
      }
      selector.select(this::read, 100);
    }
  }

  private void open(int port, byte[] request) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Viewer());
  }

  /** Reads for a time; what came before does not count. */
  Seen watch(int seconds) throws IOException {
    late.reset();
    events = 0;
    long start = time.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    while (time.nanoTime() < end) {
      selector.select(this::read, 100);
    }
    return new Seen(late.copy(), events, (time.nanoTime() - start) / 1e9);
  }

  private void read(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Viewer viewer = (Viewer) key.attachment();
    try {
      buffer.clear();
      int bytes = channel.read(buffer);
      buffer.flip();
      if (bytes < 0) {
        closed++;
        channel.close();
      } else if (viewer.begun) {
        scan(viewer);
      } else if (bytes > 0) {
        begin(viewer);
      }
    } catch (IOException e) {
      closed++;
      key.cancel();
    }
  }

  private void begin(Viewer viewer) throws IOException {
    String head = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
    if (!head.startsWith("HTTP/1.1 200")) {
      throw new IOException(head);
    }
    viewer.begun = true;
    begun++;
    scan(viewer);
  }

  /** A time ends with a blank, other numbers with something else. */
  private void scan(Viewer viewer) {
    long now = time.nanoTime();
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next >= '0' && next <= '9') {
        viewer.number = viewer.number * 10 + next - '0';
        viewer.digits++;
      } else {
        if (next == ' ' && viewer.digits >= TIME_DIGITS) {
          late.recordValue(Math.max(0, now - viewer.number) / 1_000);
        }
        viewer.number = 0;
        viewer.digits = 0;
        events += next == '{' ? 1 : 0;
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}

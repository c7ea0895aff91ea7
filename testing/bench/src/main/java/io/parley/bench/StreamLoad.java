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
 * Opens streams, the first thousand at once and then one a millisecond, and measures how late each
 * token comes. One thread on one selector: ten thousand streams are then no more work for the
 * client than they must be.
 *
 * <p>As a process of its own it has open files and a heap of its own. It then prints one line as
 * soon as every stream has begun or was refused, and a second one in the end:
 *
 * <pre>
 * begun STREAMS REFUSED
 * tokens TOKENS OPENING_P99 P50 P99 ENDED
 * </pre>
 *
 * <p>in microseconds: how late tokens came as long as streams were opened, and as long as all were
 * open; and how many streams came to their end.
 */
public final class StreamLoad {
  private static final int AT_ONCE = 1_000;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final TimeSource time;
  private final Histogram opening = new Histogram(3);
  private final Histogram open = new Histogram(3);
  private final Histogram closing = new Histogram(3);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private int begun;
  private int refused;
  private int ended;
  private boolean allOpen;

  private StreamLoad(TimeSource time) {
    this.time = time;
  }

  /**
   * Runs one load.
   *
   * @param arguments port, streams, tokens of each, time limit in seconds, and keys, which take
   *     turns
   */
  public static void main(String[] arguments) throws IOException {
    List<String> keys = List.of(arguments).subList(4, arguments.length);
    StreamLoad load = new StreamLoad(TimeSource.system());
    load.run(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]),
        keys);
  }

  private void run(int port, int streams, int tokens, int limitSeconds, List<String> keys)
      throws IOException {
    long end = time.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    try (Selector selector = Selector.open()) {
      int opened = 0;
      long start = time.nanoTime();
      while (refused + ended < streams && time.nanoTime() < end) {
        long due = AT_ONCE + TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - start);
        for (; opened < Math.min(streams, due); opened++) {
          open(selector, port, GatewayBench.body(keys.get(opened % keys.size()), true, tokens));
        }
        selector.select(this::read, opened < streams ? 1 : 1_000);
        if (!allOpen && begun + refused == streams) {
          allOpen = true;
          System.out.printf("begun %d %d%n", begun, refused);
          System.out.flush();
        }
      }
    }
    System.out.printf(
        "tokens %d %d %d %d %d%n",
        opening.getTotalCount() + open.getTotalCount() + closing.getTotalCount(),
        opening.getValueAtPercentile(99),
        open.getValueAtPercentile(50),
        open.getValueAtPercentile(99),
        ended);
  }

  private static void open(Selector selector, int port, byte[] request) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Stream());
  }

  /** What is known of one stream: a number may come in two pieces. */
  private static final class Stream {
    boolean begun;
    int digits;
    long number;
    int matched;
  }

  private void read(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Stream stream = (Stream) key.attachment();
    try {
      buffer.clear();
      int bytes = channel.read(buffer);
      buffer.flip();
      if (bytes > 0 && !stream.begun && !begins(stream)) {
        refused++;
        channel.close();
      } else if (bytes < 0 || scan(stream)) {
        ended += bytes < 0 ? 0 : 1;
        channel.close();
      }
    } catch (IOException e) {
      key.cancel(); // the server cut it off; it has not ended
    }
  }

  private boolean begins(Stream stream) {
    String status = StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
    stream.begun = status.startsWith("HTTP/1.1 200");
    begun += stream.begun ? 1 : 0;
    return stream.begun;
  }

  private Histogram late() {
    return !allOpen ? opening : ended * 100L < begun ? open : closing;
  }

  /** Records every number before a blank that is long enough to be a time; true at the end. */
  private boolean scan(Stream stream) {
    long now = time.nanoTime();
    boolean end = false;
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next >= '0' && next <= '9') {
        stream.number = stream.number * 10 + next - '0';
        stream.digits++;
      } else {
        if (next == ' ' && stream.digits >= 6) {
          late().recordValue(Math.max(0, now - stream.number) / 1_000);
        }
        stream.number = 0;
        stream.digits = 0;
      }
      stream.matched =
          next == LAST_CHUNK[stream.matched] ? stream.matched + 1 : next == '\r' ? 1 : 0;
      if (stream.matched == LAST_CHUNK.length) {
        stream.matched = 0;
        end = true;
      }
    }
    return end;
  }
}

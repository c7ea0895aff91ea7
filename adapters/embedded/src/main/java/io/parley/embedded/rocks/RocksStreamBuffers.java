package io.parley.embedded.rocks;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.ports.stream.Piece;
import io.parley.ports.stream.Reading;
import io.parley.ports.stream.StreamBuffers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;

/**
 * Streams in memory, for those who read along, and in RocksDB, for the next process. A piece is in
 * both before anybody is woken for it, so that no reader has seen what a restart forgets.
 *
 * <p>What is past its time is invisible at once, and is removed when somebody adds to a stream and
 * nobody has looked for a while. Thread-safe.
 */
final class RocksStreamBuffers implements StreamBuffers {
  /** Bytes of all streams together; a piece beyond them is refused. */
  static final long DEFAULT_MAX_BYTES = 256L << 20;

  private static final long SWEEP_EVERY_MS = 10_000;

  /** What a stream's record of its end looks like: until when it is kept, and whether it ended. */
  private static final int END_BYTES = Long.BYTES + 1;

  private final RocksWrites writes;
  private final ColumnFamilyHandle pieces;
  private final ColumnFamilyHandle ends;
  private final TimeSource time;
  private final long maxBytes;
  private final ConcurrentHashMap<String, Buffer> streams = new ConcurrentHashMap<>();
  private final Subscribers subscribers = new Subscribers();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong sweptMs;

  /** One stream; guarded by itself. */
  private static final class Buffer {
    final List<Piece> pieces = new ArrayList<>();
    long expiresMs;
    boolean ended;
    boolean removed;

    long end() {
      return pieces.isEmpty() ? 0 : pieces.getLast().to();
    }

    /** Index of the first piece that ends behind an offset. */
    int indexBehind(long offset) {
      int low = 0;
      int high = pieces.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (pieces.get(middle).to() <= offset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  RocksStreamBuffers(
      RocksReads reads,
      RocksWrites writes,
      ColumnFamilyHandle pieces,
      ColumnFamilyHandle ends,
      TimeSource time,
      long maxBytes) {
    this.writes = writes;
    this.pieces = pieces;
    this.ends = ends;
    this.time = time;
    this.maxBytes = maxBytes;
    this.sweptMs = new AtomicLong(nowMs());
    load(reads);
  }

  /** What the last process left; it is bounded, since nothing is kept for long. */
  private void load(RocksReads reads) {
    byte[] first = {};
    byte[] last = {(byte) 0xFF};
    reads.forward(
        ends,
        first,
        last,
        (key, value) -> {
          Buffer buffer = new Buffer();
          ByteBuffer in = ByteBuffer.wrap(value);
          buffer.expiresMs = in.getLong();
          buffer.ended = in.get() != 0;
          streams.put(name(key), buffer);
          return true;
        });
    streams.forEach((name, buffer) -> load(reads, name, buffer));
    sweep();
  }

  private void load(RocksReads reads, String name, Buffer buffer) {
    reads.forward(
        pieces,
        Keys.of(name).bytes(),
        Keys.of(name).end(),
        (key, value) -> {
          ByteBuffer in = ByteBuffer.wrap(value);
          long to = in.getLong();
          byte[] content = new byte[in.remaining()];
          in.get(content);
          buffer.pieces.add(new Piece(Keys.lastNumber(key), to, content));
          bytes.addAndGet(content.length);
          return true;
        });
  }

  /** A key of the ends: the name and a zero byte. */
  private static String name(byte[] key) {
    return new String(key, 0, key.length - 1, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void append(String stream, Piece piece, Duration ttl) {
    sweepNowAndThen();
    Buffer buffer = buffer(stream);
    synchronized (buffer) {
      if (piece.to() <= buffer.end()) {
        return; // a repetition
      }
      if (buffer.removed) {
        throw new ParleyException(ErrorCode.CONFLICT, "stream " + stream + " was removed");
      }
      refuse(stream, buffer, piece);
      long expiresMs = nowMs() + ttl.toMillis();
      byte[] value =
          ByteBuffer.allocate(Long.BYTES + piece.bytes().length)
              .putLong(piece.to())
              .put(piece.bytes())
              .array();
      byte[] key = Keys.of(stream).number(piece.from()).bytes();
      writes.quickly(
          batch -> {
            batch.put(pieces, key, value);
            batch.put(ends, Keys.of(stream).bytes(), end(expiresMs, false));
          });
      buffer.pieces.add(piece);
      buffer.expiresMs = expiresMs;
      bytes.addAndGet(piece.bytes().length);
    }
    subscribers.wake(stream);
  }

  private void refuse(String stream, Buffer buffer, Piece piece) {
    if (buffer.ended || piece.from() != buffer.end()) {
      throw new ParleyException(
          ErrorCode.CONFLICT,
          "stream %s %s at %d, and the piece begins at %d"
              .formatted(
                  stream,
                  buffer.ended ? "has ended" : "is written up to its end",
                  buffer.end(),
                  piece.from()));
    }
    if (bytes.get() + piece.bytes().length > maxBytes) {
      throw new ParleyException(
          ErrorCode.OVERLOADED, "all streams together have at most " + maxBytes + " bytes");
    }
  }

  @Override
  public void end(String stream, Duration ttl) {
    Buffer buffer = buffer(stream);
    synchronized (buffer) {
      long expiresMs = nowMs() + ttl.toMillis();
      writes.quickly(batch -> batch.put(ends, Keys.of(stream).bytes(), end(expiresMs, true)));
      buffer.ended = true;
      buffer.expiresMs = expiresMs;
    }
    subscribers.wake(stream);
  }

  private static byte[] end(long expiresMs, boolean ended) {
    return ByteBuffer.allocate(END_BYTES).putLong(expiresMs).put((byte) (ended ? 1 : 0)).array();
  }

  /** The stream, a new one if there is none or its time is over. */
  private Buffer buffer(String stream) {
    check(stream);
    Buffer known = streams.get(stream);
    if (known != null && isOver(known)) {
      remove(stream, known);
    }
    return streams.computeIfAbsent(stream, name -> fresh());
  }

  private Buffer fresh() {
    Buffer made = new Buffer();
    made.expiresMs = Long.MAX_VALUE;
    return made;
  }

  @Override
  public Optional<Reading> read(String stream, long from, int maxReadBytes) {
    check(stream);
    @Nullable Buffer buffer = streams.get(stream);
    if (buffer == null) {
      return Optional.empty();
    }
    synchronized (buffer) {
      return isOver(buffer) ? Optional.empty() : Optional.of(read(buffer, from, maxReadBytes));
    }
  }

  private static Reading read(Buffer buffer, long from, int maxReadBytes) {
    List<Piece> found = new ArrayList<>();
    long size = 0;
    int at = buffer.indexBehind(from);
    while (at < buffer.pieces.size() && (found.isEmpty() || size < maxReadBytes)) {
      Piece piece = buffer.pieces.get(at++);
      found.add(piece);
      size += piece.bytes().length;
    }
    return new Reading(found, buffer.end(), buffer.ended && at == buffer.pieces.size());
  }

  @Override
  public Subscription subscribe(String stream, Runnable wake) {
    check(stream);
    return subscribers.add(stream, wake)::run;
  }

  @Override
  public void remove(String stream) {
    check(stream);
    Buffer buffer = streams.get(stream);
    if (buffer != null) {
      remove(stream, buffer);
      subscribers.wake(stream);
    }
  }

  private void remove(String stream, Buffer buffer) {
    synchronized (buffer) {
      if (buffer.removed) {
        return;
      }
      buffer.removed = true;
      writes.quickly(
          batch -> {
            batch.deleteRange(pieces, Keys.of(stream).bytes(), Keys.of(stream).end());
            batch.delete(ends, Keys.of(stream).bytes());
          });
      buffer.pieces.forEach(piece -> bytes.addAndGet(-piece.bytes().length));
      buffer.expiresMs = Long.MIN_VALUE;
    }
    streams.remove(stream, buffer);
  }

  private void sweepNowAndThen() {
    long last = sweptMs.get();
    long now = nowMs();
    if (now - last >= SWEEP_EVERY_MS && sweptMs.compareAndSet(last, now)) {
      sweep();
    }
  }

  private void sweep() {
    streams.forEach(
        (name, buffer) -> {
          if (isOver(buffer)) {
            remove(name, buffer);
          }
        });
  }

  private boolean isOver(Buffer buffer) {
    synchronized (buffer) {
      return buffer.expiresMs <= nowMs();
    }
  }

  private long nowMs() {
    return time.now().toEpochMilli();
  }

  private static void check(String stream) {
    if (stream.isEmpty() || stream.length() > MAX_NAME_CHARS) {
      throw new IllegalArgumentException(
          "a stream's name has 1 to %d characters, and this one %d"
              .formatted(MAX_NAME_CHARS, stream.length()));
    }
  }
}

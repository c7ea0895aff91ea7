package io.parley.gateway.usage.journal;

import static java.nio.file.StandardOpenOption.READ;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the events of one segment, from the first on. Belongs to one thread. */
final class SegmentReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Segment segment;
  private final FileChannel channel;
  private long next;
  private long offset = Segment.HEADER_BYTES;
  private long endBytes;
  private DataInputStream in;

  private SegmentReader(Segment segment, FileChannel channel) throws IOException {
    this.segment = segment;
    this.channel = channel;
    this.next = segment.first();
    this.endBytes = channel.size();
    this.in = input();
  }

  static SegmentReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, READ);
    try {
      return new SegmentReader(Segment.read(file, channel), channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  Segment segment() {
    return segment;
  }

  /** Number of the event that {@link #read} gives next, if it is there. */
  long next() {
    return next;
  }

  /** Length of the file up to the last event that was read. */
  long wholeBytes() {
    return offset;
  }

  /** Forgets what was read ahead, since more may have been written. */
  void refresh() throws IOException {
    endBytes = channel.size();
    in = input();
  }

  /**
   * The next event; empty where none is that is whole. After that the reader is to be closed, or
   * refreshed.
   */
  Optional<byte[]> read() throws IOException {
    long left = endBytes - offset - Segment.FRAME_BYTES;
    if (left < 0) {
      return Optional.empty();
    }
    int length = in.readInt();
    int checksum = in.readInt();
    if (length <= 0 || length > Math.min(left, Segment.MAX_EVENT_BYTES)) {
      return Optional.empty();
    }
    byte[] event = in.readNBytes(length);
    if (event.length < length || Segment.checksum(next, event) != checksum) {
      return Optional.empty();
    }
    next++;
    offset += Segment.FRAME_BYTES + length;
    return Optional.of(event);
  }

  private DataInputStream input() throws IOException {
    channel.position(offset);
    return new DataInputStream(
        new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.parley.gateway.usage.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends events to the newest segment and syncs them. Belongs to one thread.
 *
 * <p>A segment is filled with zeros a few megabytes ahead: a sync then writes the events and
 * nothing about the file, which takes a third off it. A new segment begins when one is full, after
 * each start and after each failure, and never where an old one could go on.
 */
final class JournalWriter implements AutoCloseable {
  private static final int ZEROS_BYTES = 4 << 20;

  private final Path directory;
  private final String journalId;
  private final long segmentBytes;

  /** Number of the last event that was acknowledged. */
  private long last;

  /** Length of the open segment up to the last event that was acknowledged. */
  private long wholeBytes;

  /** Length of the open segment with its zeros. */
  private long filledBytes;

  private @Nullable FileChannel open;
  private boolean broken;

  /**
   * @param last number of the last event there is, 0 if there is none
   */
  JournalWriter(Path directory, String journalId, long segmentBytes, long last) {
    this.directory = directory;
    this.journalId = journalId;
    this.segmentBytes = segmentBytes;
    this.last = last;
  }

  /**
   * Writes all of them, or none. When this returns, they survive a power cut.
   *
   * @return number of the last one
   * @throws IOException if they cannot be written; another attempt may succeed
   */
  long append(List<byte[]> events) throws IOException {
    if (broken) {
      throw new IOException("what failed before could not be taken back; start again");
    }
    try {
      FileChannel channel = open == null || wholeBytes >= segmentBytes ? roll() : open;
      write(channel, framed(events));
      last += events.size();
      return last;
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private ByteBuffer framed(List<byte[]> events) {
    int bytes = events.stream().mapToInt(event -> Segment.FRAME_BYTES + event.length).sum();
    ByteBuffer framed = ByteBuffer.allocate(bytes);
    long number = last;
    for (byte[] event : events) {
      number++;
      framed.putInt(event.length).putInt(Segment.checksum(number, event)).put(event);
    }
    return framed.flip();
  }

  private void write(FileChannel channel, ByteBuffer framed) throws IOException {
    int bytes = framed.remaining();
    boolean longer = wholeBytes + bytes > filledBytes;
    if (longer) {
      fill(channel, wholeBytes + bytes);
    }
    writeFully(channel, framed, wholeBytes);
    channel.force(longer);
    wholeBytes += bytes;
  }

  private void fill(FileChannel channel, long atLeastBytes) throws IOException {
    while (filledBytes < atLeastBytes) {
      writeFully(channel, ByteBuffer.allocate(ZEROS_BYTES), filledBytes);
      filledBytes += ZEROS_BYTES;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long at)
      throws IOException {
    long offset = at;
    while (bytes.hasRemaining()) {
      offset += channel.write(bytes, offset);
    }
  }

  /** The header is there as a whole from the moment that the file has its name. */
  private FileChannel roll() throws IOException {
    closeSegment();
    Segment next = Segment.of(directory, journalId, last + 1);
    Path unfinished = directory.resolve("new.journal");
    FileChannel channel = FileChannel.open(unfinished, CREATE, WRITE, TRUNCATE_EXISTING);
    open = channel;
    wholeBytes = Segment.HEADER_BYTES;
    filledBytes = Segment.HEADER_BYTES;
    writeFully(channel, next.header(), 0);
    fill(channel, Segment.HEADER_BYTES + 1);
    channel.force(true);
    Files.move(unfinished, next.file(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel names = FileChannel.open(directory, READ)) {
      names.force(true);
    }
    return channel;
  }

  /**
   * Leaves the segment after a failure, without what may have been written of the failed events: a
   * client was told that they are not accounted for. If even that fails nothing more is written,
   * for the next event would have the number of one that is there.
   */
  private void giveUp() {
    try {
      closeSegment();
    } catch (IOException e) {
      broken = true;
      open = null;
    }
  }

  /** Cuts the zeros off, so that the segment ends with its last event. */
  private void closeSegment() throws IOException {
    FileChannel channel = open;
    if (channel != null) {
      channel.truncate(wholeBytes);
      channel.force(true);
      channel.close();
      open = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeSegment();
  }
}

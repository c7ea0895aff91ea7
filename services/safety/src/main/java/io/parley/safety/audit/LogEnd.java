package io.parley.safety.audit;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a directory ends, found by reading its last segment.
 *
 * @param at the place in the chain
 * @param last the file that ends there; null if there is none
 * @param wholeBytes bytes of the file without what a crash left of an entry
 */
record LogEnd(ChainPoint at, @Nullable Path last, long wholeBytes) {
  /**
   * @throws IOException if the last segment is damaged, or ends before what was acknowledged
   */
  static LogEnd find(Path directory, AuditKeys keys) throws IOException {
    Optional<ChainPoint> head = HeadFile.read(directory, keys);
    List<Path> files = Segment.files(directory);
    LogEnd end = files.isEmpty() ? new LogEnd(ChainPoint.START, null, 0) : read(files, keys);
    if (isCut(end.at, head)) {
      throw new IOException(
          "entries are missing at its end: it reached "
              + head.map(ChainPoint::seq).orElse(0L)
              + " and has "
              + end.at.seq());
    }
    return end;
  }

  /** Without a head there may be a segment, but no entry: the head is written with the first. */
  static boolean isCut(ChainPoint end, Optional<ChainPoint> head) {
    return head.isPresent()
        ? head.get().seq() > end.seq() || (head.get().seq() == end.seq() && !head.get().equals(end))
        : end.seq() > 0;
  }

  private static LogEnd read(List<Path> files, AuditKeys keys) throws IOException {
    Path last = files.getLast();
    try (SegmentReader reader = SegmentReader.open(last, keys)) {
      while (reader.next() != null) {
        // Only the end is asked for.
      }
      // A segment without an entry is as good as none: the next one takes its place and its name.
      boolean empty = reader.at().seq() == reader.segment().before().seq();
      return new LogEnd(empty ? reader.segment().before() : reader.at(), last, reader.wholeBytes());
    } catch (IOException e) {
      throw new IOException(last + ": " + e.getMessage(), e);
    }
  }

  /** Cuts off the torn end. */
  ChainPoint repair() throws IOException {
    if (last != null && Files.size(last) > wholeBytes) {
      try (FileChannel file = FileChannel.open(last, WRITE)) {
        file.truncate(wholeBytes);
      }
    }
    return at;
  }

  static Segment header(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      byte[] header = in.readNBytes(Segment.HEADER_BYTES);
      if (header.length < Segment.HEADER_BYTES) {
        throw new IOException(file + ": the header is not whole");
      }
      return Segment.read(file, ByteBuffer.wrap(header));
    }
  }
}

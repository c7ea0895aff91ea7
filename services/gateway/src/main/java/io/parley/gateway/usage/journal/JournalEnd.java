package io.parley.gateway.usage.journal;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the journal of a directory stands.
 *
 * @param journalId in hex
 * @param first number of its first event that is still there, or of the one to come
 * @param last number of its last event, one less than {@code first} if there is none
 */
record JournalEnd(String journalId, long first, long last) {
  private static final Logger log = LoggerFactory.getLogger(JournalEnd.class);

  /**
   * Reads the files of a journal and cuts off what a crash left of its last write. That write was
   * not acknowledged to anybody.
   *
   * @return empty if there is no journal
   * @throws IOException if a file is damaged elsewhere than at the end of the last one
   */
  static Optional<JournalEnd> repair(Path directory) throws IOException {
    List<Path> files = Segment.files(directory);
    Optional<JournalEnd> end = Optional.empty();
    for (Path file : files) {
      end = Optional.of(through(file, end, file.equals(files.getLast())));
    }
    return end;
  }

  private static JournalEnd through(Path file, Optional<JournalEnd> before, boolean newest)
      throws IOException {
    try (SegmentReader reader = SegmentReader.open(file)) {
      Segment segment = reader.segment();
      JournalEnd so = before.orElse(new JournalEnd(segment.journalId(), segment.first(), 0));
      boolean follows = before.isEmpty() || segment.first() == so.last + 1;
      if (!follows || !segment.journalId().equals(so.journalId)) {
        throw new IOException("%s does not follow event %d".formatted(file, so.last));
      }
      while (reader.read().isPresent()) {
        // on to the end
      }
      if (newest) {
        cut(file, reader.wholeBytes());
      } else if (Files.size(file) != reader.wholeBytes()) {
        throw new IOException("%s is damaged behind event %d".formatted(file, reader.next() - 1));
      }
      return new JournalEnd(so.journalId, so.first, reader.next() - 1);
    }
  }

  private static void cut(Path file, long wholeBytes) throws IOException {
    long more = Files.size(file) - wholeBytes;
    if (more > 0) {
      log.info("{}: {} bytes behind the last whole event are cut off", file, more);
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.truncate(wholeBytes);
        channel.force(true);
      }
    }
  }
}

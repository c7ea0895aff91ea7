package io.parley.gateway.usage.journal;

import io.parley.gateway.usage.UsageEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a journal in order, from one segment on to the next. Belongs to one thread.
 */
final class JournalReader implements AutoCloseable {
  private final Path directory;
  private long next;
  private @Nullable SegmentReader open;

  /**
   * @param next number of the event to begin with
   */
  JournalReader(Path directory, long next) {
    this.directory = directory;
    this.next = next;
  }

  /**
   * The next events.
   *
   * @param through number of the last one wanted, which is written
   * @param most how many at once
   * @throws IOException if one is missing
   */
  List<UsageEvent> read(long through, int most) throws IOException {
    List<UsageEvent> events = new ArrayList<>();
    if (open != null) {
      open.refresh();
    }
    while (next <= through && events.size() < most) {
      SegmentReader reader = reader();
      Optional<byte[]> event = reader.read();
      if (event.isPresent()) {
        events.add(EventCodec.decode(event.get()));
        next++;
      } else if (reader.segment().first() == next || !Files.exists(Segment.file(directory, next))) {
        throw new IOException("event %d is missing in %s".formatted(next, reader.segment().file()));
      } else {
        close();
      }
    }
    return events;
  }

  /** The reader of the segment that has the next event, standing before it. */
  private SegmentReader reader() throws IOException {
    SegmentReader current = open;
    if (current == null) {
      current = SegmentReader.open(holding(next));
      open = current;
      while (current.next() < next) {
        if (current.read().isEmpty()) {
          throw new IOException(
              "event %d is missing in %s".formatted(current.next(), current.segment().file()));
        }
      }
    }
    return current;
  }

  private Path holding(long number) throws IOException {
    Path last = Segment.file(directory, number);
    return Segment.files(directory).stream()
        .filter(file -> file.compareTo(last) <= 0)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new IOException("event " + number + " is missing in " + directory));
  }

  /** Goes back, or on, to an event. */
  void rewind(long number) throws IOException {
    close();
    next = number;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}

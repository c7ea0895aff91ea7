package io.parley.gateway.usage.journal;

import io.parley.gateway.usage.UsageEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Carries events over from the journal into the rows of the database, and deletes files that are
 * posted to their end. Belongs to one thread.
 */
final class Poster implements AutoCloseable {
  private final Path directory;
  private final PostedPosition position;
  private final int maxPosted;
  private final JournalReader reader;
  private long posted;

  /**
   * @param posted number of the last event that is posted
   */
  Poster(Path directory, PostedPosition position, int maxPosted, long posted) {
    this.directory = directory;
    this.position = position;
    this.maxPosted = maxPosted;
    this.reader = new JournalReader(directory, posted + 1);
    this.posted = posted;
  }

  /**
   * Posts some of the events that are not posted yet.
   *
   * @param through number of the last one that is written
   * @return number of the last one that is posted
   * @throws IOException if the journal cannot be read
   * @throws RuntimeException if the database refuses; the same events are tried again next time
   */
  long post(long through) throws IOException {
    if (posted < through) {
      boolean done = false;
      try {
        List<UsageEvent> events = reader.read(through, maxPosted);
        position.post(events, posted + events.size());
        posted += events.size();
        done = true;
      } finally {
        if (!done) {
          reader.rewind(posted + 1);
        }
      }
      deletePosted();
    }
    return posted;
  }

  /** The newest file stays: it names the journal, and is being written. */
  private void deletePosted() throws IOException {
    List<Path> files = Segment.files(directory);
    for (int i = 0; i + 1 < files.size(); i++) {
      boolean whole = files.get(i + 1).compareTo(Segment.file(directory, posted + 1)) <= 0;
      if (whole) {
        Files.deleteIfExists(files.get(i));
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

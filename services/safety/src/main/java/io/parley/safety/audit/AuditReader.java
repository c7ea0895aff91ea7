package io.parley.safety.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its beginning and finds every change, gap and cut in it. Works beside the server
 * that writes it. One use; not thread-safe.
 *
 * <p>What it cannot find by itself is a directory that was put back as a whole, head included, to
 * an earlier state: for that, note a {@link ChainPoint} elsewhere now and then, and give it here.
 */
public final class AuditReader {
  private final Path directory;
  private final AuditKeys keys;
  private final Set<ChainPoint> notedElsewhere;
  private final List<String> problems = new ArrayList<>();
  private final Set<ChainPoint> retired = new HashSet<>();
  private final Set<ChainPoint> missing;
  private long entries;
  private long tornBytes;
  private ChainPoint begin = ChainPoint.START;
  private ChainPoint at = ChainPoint.START;
  private @Nullable Path file;

  /**
   * @param notedElsewhere places that the log is known to have reached
   */
  public AuditReader(Path directory, AuditKeys keys, Set<ChainPoint> notedElsewhere) {
    this.directory = directory;
    this.keys = keys;
    this.notedElsewhere = Set.copyOf(notedElsewhere);
    this.missing = new HashSet<>(notedElsewhere);
  }

  /** Reads all of it; what is sound is given to {@code each}, in order. */
  public AuditReport read(Consumer<AuditEntry> each) {
    Optional<ChainPoint> head = head();
    List<Path> files = files();
    for (Path next : files) {
      segment(next, next.equals(files.getFirst()), next.equals(files.getLast()), each);
    }
    checkBegin();
    checkEnd(head);
    return new AuditReport(entries, begin, at, tornBytes, problems);
  }

  private Optional<ChainPoint> head() {
    try {
      return HeadFile.read(directory, keys);
    } catch (IOException e) {
      problems.add("head: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<Path> files() {
    try {
      return Files.isDirectory(directory) ? Segment.files(directory) : List.of();
    } catch (IOException e) {
      problems.add("the directory cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  private void segment(Path next, boolean first, boolean last, Consumer<AuditEntry> each) {
    file = next;
    try (SegmentReader reader = SegmentReader.open(next, keys)) {
      ChainPoint before = reader.segment().before();
      if (first) {
        begin = before;
        reached(before);
      } else if (!before.equals(at)) {
        problem(gap(before));
      }
      at = before;
      entries(reader, each);
      if (reader.isTorn()) {
        torn(Files.size(next) - reader.wholeBytes(), last);
      }
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void entries(SegmentReader reader, Consumer<AuditEntry> each) throws IOException {
    AuditEntry entry;
    while ((entry = reader.next()) != null) {
      entries++;
      reached(reader.at());
      if (entry instanceof AuditEntry.Retired gone) {
        retired.add(gone.through());
      }
      each.accept(entry);
    }
  }

  private void reached(ChainPoint place) {
    at = place;
    missing.remove(place);
  }

  private String gap(ChainPoint before) {
    long from = at.seq() + 1;
    long to = before.seq();
    return from > to
        ? "does not follow from the file before it"
        : "entries " + from + " to " + to + " are missing before it";
  }

  private void torn(long bytes, boolean last) {
    if (last) {
      tornBytes = bytes;
    } else {
      problem("ends within entry " + (at.seq() + 1));
    }
  }

  private void checkBegin() {
    file = null;
    if (begin.seq() > 0 && !retired.contains(begin)) {
      problem("entries 1 to " + begin.seq() + " are missing, and were not retired");
    }
  }

  private void checkEnd(Optional<ChainPoint> head) {
    if (LogEnd.isCut(at, head)) {
      problem(
          head.map(
                  reached ->
                      "the log ends at entry " + at.seq() + ", but had reached " + reached.seq())
              .orElse("there are entries, but no head"));
    }
    for (ChainPoint noted : notedElsewhere) {
      boolean gone = missing.contains(noted) && noted.seq() >= begin.seq();
      if (gone) {
        problem("entry " + noted.seq() + " is not the one that was noted");
      }
    }
  }

  private void problem(String what) {
    problems.add(file == null ? what : file.getFileName() + ": " + what);
  }
}

package io.parley.gateway.usage.journal;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.concurrent.queue.BoundedQueue;
import io.parley.gateway.usage.Posting;
import io.parley.gateway.usage.UsageEvent;
import io.parley.ports.data.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a usage event is written down before its client is told the end: appended to a file and
 * synced, which costs a fraction of a transaction. From there it is posted, with hundreds of
 * others, into the rows that bills and reports are made of.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>Events are numbered from 1 as they are written. Those up to {@code written} are on stable
 *       storage, and their callers are told so only then; {@code posted ≤ written}.
 *   <li>The number of the last posted event is in the database and changes in the transaction that
 *       posts. So wherever a process dies, the next one posts what the last one did not, and
 *       nothing twice. A request's id is the key of its row besides: an event that is journalled
 *       twice, or was written in a transaction of its own, still counts once.
 *   <li>An event whose caller was told that it is <em>not</em> written is not in the journal. The
 *       exceptions are those of any log: a process that dies before it can tell, and a disk that
 *       fails both to take an event and to take it back.
 *   <li>A file is deleted when every event of it is posted, and never the newest one.
 * </ol>
 *
 * <p>One thread writes; what comes while it syncs is written together next. Another one posts, a
 * tenth of a second later or at once if somebody waits for it. Thread-safe. A directory belongs to
 * one journal in one process, and a database may have several.
 */
public final class UsageJournal implements Posting, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UsageJournal.class);
  private static final int MAX_BATCH = 1_024;

  private static final class Waiting {
    final byte[] event;
    final Consumer<Boolean> then;

    Waiting(byte[] event, Consumer<Boolean> then) {
      this.event = event;
      this.then = then;
    }
  }

  private final JournalLimits limits;
  private final BoundedQueue<Waiting> queue;
  private final JournalWriter writer;
  private final Poster poster;
  private final Thread writing;
  private final Thread posting;
  private final Progress progress;

  private UsageJournal(JournalWriter writer, Poster poster, JournalLimits limits, long last) {
    this.limits = limits;
    this.queue = BoundedQueue.unfair(limits.maxWaiting());
    this.writer = writer;
    this.poster = poster;
    this.progress = new Progress(limits, last);
    this.writing = Thread.ofPlatform().name("usage-journal").daemon().unstarted(this::writeAll);
    this.posting = Thread.ofPlatform().name("usage-posting").daemon().unstarted(this::postAll);
  }

  /**
   * Goes on with the journal of a directory, or begins one. When this returns, everything that an
   * earlier process wrote into it is posted.
   *
   * @param ids names a new journal
   * @throws ParleyException CONFLICT if the journal is damaged, or lacks events that the database
   *     has not got
   */
  public static UsageJournal open(
      Path directory, Database database, JournalLimits limits, RandomGenerator ids) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Optional<JournalEnd> end = JournalEnd.repair(directory);
      UsageJournal journal =
          end.isPresent()
              ? goOn(directory, database, limits, end.get(), ids)
              : begin(directory, database, limits, ids);
      journal.writing.start();
      journal.posting.start();
      return journal;
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.CONFLICT,
          "the usage journal in %s cannot be continued: %s. Put the directory back from a backup of the same moment as the database's; moving it away loses the events that are not posted"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private static UsageJournal begin(
      Path directory, Database database, JournalLimits limits, RandomGenerator ids)
      throws IOException {
    byte[] id = new byte[Segment.ID_BYTES];
    ids.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    return of(directory, new PostedPosition(database, name), limits, 0, 0);
  }

  private static UsageJournal goOn(
      Path directory, Database database, JournalLimits limits, JournalEnd end, RandomGenerator ids)
      throws IOException {
    PostedPosition position = new PostedPosition(database, end.journalId());
    long posted = position.last();
    if (posted > end.last()) {
      // The directory is older than the database, which has everything that is in it.
      for (Path file : Segment.files(directory)) {
        Files.delete(file);
      }
      return begin(directory, database, limits, ids);
    }
    if (end.first() > posted + 1) {
      throw new IOException(
          "the database has its events up to %d, and it begins with %d"
              .formatted(posted, end.first()));
    }
    return of(directory, position, limits, posted, end.last());
  }

  private static UsageJournal of(
      Path directory, PostedPosition position, JournalLimits limits, long posted, long last)
      throws IOException {
    Poster poster = new Poster(directory, position, limits.maxPosted(), posted);
    long reached = posted;
    while (reached < last) {
      reached = poster.post(last);
    }
    return new UsageJournal(
        new JournalWriter(directory, position.journalId(), limits.segmentBytes(), last),
        poster,
        limits,
        last);
  }

  /**
   * Writes an event down. Does not block.
   *
   * @param then is told once whether it is written, on any thread; it must not block
   */
  public void append(UsageEvent event, Consumer<Boolean> then) {
    if (!offer(new Waiting(EventCodec.encode(event), then))) {
      log.error("request {} is not in the usage journal: it is full", event.origin().requestId());
      then.accept(false);
    }
  }

  private boolean offer(Waiting waiting) {
    try {
      return progress.unposted() < limits.maxUnposted() && queue.offer(waiting);
    } catch (IllegalStateException atItsEnd) {
      return false;
    }
  }

  private void writeAll() {
    List<Waiting> batch = new ArrayList<>();
    try {
      for (Waiting first = queue.take(); first != null; first = queue.take()) {
        batch.add(first);
        queue.drainTo(batch, MAX_BATCH - 1);
        boolean done = isWritten(batch);
        batch.forEach(each -> tell(each, done));
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      queue.close();
    }
  }

  private boolean isWritten(List<Waiting> batch) {
    try {
      progress.written(writer.append(batch.stream().map(waiting -> waiting.event).toList()));
      return true;
    } catch (IOException | RuntimeException e) {
      log.error("{} events cannot be written into the usage journal", batch.size(), e);
      return false;
    }
  }

  private static void tell(Waiting waiting, boolean done) {
    try {
      waiting.then.accept(done);
    } catch (RuntimeException e) {
      log.error("what follows a usage event failed", e);
    }
  }

  private void postAll() {
    try {
      while (progress.awaitDue() && (isPosted() || progress.pause())) {
        // on to what has come meanwhile
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isPosted() {
    try {
      progress.posted(poster.post(progress.written()));
      return true;
    } catch (IOException | RuntimeException e) {
      log.error("usage events cannot be posted; they stay in the journal", e);
      return false;
    }
  }

  @Override
  public void await() {
    progress.awaitPosted();
  }

  /** Writes what waits and posts it; what cannot be posted stays for the next process. */
  @Override
  public void close() {
    queue.close();
    try {
      writing.join();
      progress.close();
      posting.join();
      writer.close();
      poster.close();
    } catch (IOException e) {
      log.error("the usage journal cannot be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

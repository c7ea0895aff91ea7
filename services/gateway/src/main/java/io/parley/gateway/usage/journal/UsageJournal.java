package io.parley.gateway.usage.journal;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.concurrent.queue.BatchQueue;
import io.parley.gateway.usage.Posting;
import io.parley.gateway.usage.UsageEvent;
import io.parley.ports.data.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
 * <p>One thread writes, which others may write on, too; what comes while it syncs is written
 * together next. Another one posts, a tenth of a second later or at once if somebody waits for it.
 * Thread-safe. A directory belongs to one journal in one process, and a database may have several.
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
  private final BatchQueue<Waiting> queue;
  private final JournalWriter writer;
  private final Poster poster;
  private final Writing writing;
  private final Thread posting;
  private final Progress progress;

  /** The thread that writes, and what to do with it afterwards. */
  private record Writing(Executor thread, Runnable afterwards) {
    static Writing onItsOwn() {
      ExecutorService own =
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().name("usage-journal").daemon().factory());
      return new Writing(own, own::shutdown);
    }
  }

  private UsageJournal(
      JournalWriter writer, Poster poster, JournalLimits limits, long last, Writing writing) {
    this.limits = limits;
    this.queue = new BatchQueue<>(limits.maxWaiting(), MAX_BATCH, writing.thread(), this::writeAll);
    this.writer = writer;
    this.poster = poster;
    this.progress = new Progress(limits, last);
    this.writing = writing;
    this.posting = Thread.ofPlatform().name("usage-posting").daemon().unstarted(this::postAll);
  }

  /**
   * Goes on with the journal of a directory, or begins one, on a thread of its own. When this
   * returns, everything that an earlier process wrote into it is posted.
   *
   * @param ids names a new journal
   * @throws ParleyException CONFLICT if the journal is damaged, or lacks events that the database
   *     has not got
   */
  public static UsageJournal open(
      Path directory, Database database, JournalLimits limits, RandomGenerator ids) {
    return opened(directory, database, limits, ids, Writing::onItsOwn);
  }

  /**
   * The same on a thread that others write on, too.
   *
   * @param thread one; stays the caller's to shut down, after the journal
   */
  public static UsageJournal open(
      Path directory,
      Database database,
      JournalLimits limits,
      RandomGenerator ids,
      Executor thread) {
    return opened(directory, database, limits, ids, () -> new Writing(thread, () -> {}));
  }

  private static UsageJournal opened(
      Path directory,
      Database database,
      JournalLimits limits,
      RandomGenerator ids,
      Supplier<Writing> writing) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Found found = found(directory, database, ids);
      Poster poster = new Poster(directory, found.position, limits.maxPosted(), found.posted);
      long reached = found.posted;
      while (reached < found.last) {
        reached = poster.post(found.last);
      }
      JournalWriter writer =
          new JournalWriter(
              directory, found.position.journalId(), limits.segmentBytes(), found.last);
      UsageJournal journal = new UsageJournal(writer, poster, limits, found.last, writing.get());
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

  /**
   * What a directory holds.
   *
   * @param last number of the last event there is, 0 for none
   */
  private record Found(PostedPosition position, long posted, long last) {}

  private static Found found(Path directory, Database database, RandomGenerator ids)
      throws IOException {
    Optional<JournalEnd> end = JournalEnd.repair(directory);
    if (end.isEmpty()) {
      return nothing(database, ids);
    }
    PostedPosition position = new PostedPosition(database, end.get().journalId());
    long posted = position.last();
    if (posted > end.get().last()) {
      // The directory is older than the database, which has everything that is in it.
      for (Path file : Segment.files(directory)) {
        Files.delete(file);
      }
      return nothing(database, ids);
    }
    if (end.get().first() > posted + 1) {
      throw new IOException(
          "the database has its events up to %d, and it begins with %d"
              .formatted(posted, end.get().first()));
    }
    return new Found(position, posted, end.get().last());
  }

  private static Found nothing(Database database, RandomGenerator ids) {
    byte[] id = new byte[Segment.ID_BYTES];
    ids.nextBytes(id);
    return new Found(new PostedPosition(database, HexFormat.of().formatHex(id)), 0, 0);
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
    return progress.unposted() < limits.maxUnposted() && queue.offer(waiting);
  }

  private void writeAll(List<Waiting> batch) {
    boolean done = isWritten(batch);
    batch.forEach(each -> tell(each, done));
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
      progress.close();
      posting.join();
      writer.close();
      poster.close();
    } catch (IOException e) {
      log.error("the usage journal cannot be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      writing.afterwards.run();
    }
  }
}

package io.parley.safety.audit;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.queue.BatchQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log in a directory of this machine.
 *
 * <p>One thread writes, unless a caller that may block finds that nobody does and writes his own.
 * What comes while it writes is written together next, so that a write costs each entry little and
 * none waits for a timer. An entry is acknowledged when the operating system has it: it survives
 * {@code kill -9}. Files are synced once a second: of a power cut the last second may be missing,
 * which {@link AuditReader} then finds.
 *
 * <p>A write that fails, such as on a full disk, fails its entries, and the next ones are tried
 * again.
 */
public final class FileAuditLog implements AuditLog, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileAuditLog.class);
  private static final int MAX_BATCH = 1_024;
  private static final long SYNC_MS = 1_000;

  private final BatchQueue<Waiting> queue;
  private final ScheduledExecutorService thread;
  private final Runnable afterwards;
  private final ReentrantLock writing = new ReentrantLock();

  // All below is guarded by the lock.
  private final SegmentWriter writer;
  private boolean syncIsDue;
  private boolean closed;

  private record Waiting(AuditEntry entry, CompletableFuture<AuditEntry> written) {
    Waiting(AuditEntry entry) {
      this(entry, new CompletableFuture<>());
    }

    void tell(@Nullable ParleyException failure) {
      if (failure == null) {
        written.complete(entry);
      } else {
        written.completeExceptionally(failure);
      }
    }
  }

  private FileAuditLog(
      SegmentWriter writer,
      AuditLimits limits,
      ScheduledExecutorService thread,
      Runnable afterwards) {
    this.queue = new BatchQueue<>(limits.maxWaiting(), MAX_BATCH, thread, this::write);
    this.thread = thread;
    this.afterwards = afterwards;
    this.writer = writer;
  }

  /**
   * Goes on with the log of a directory, or begins one, on a thread of its own.
   *
   * @throws ParleyException CONFLICT if the log's end was changed or cut off, or its key is missing
   */
  public static FileAuditLog open(
      Path directory, AuditKeys keys, AuditLimits limits, TimeSource time, SecureRandom random) {
    SegmentWriter writer = writer(directory, keys, limits, time, random);
    ScheduledExecutorService own =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("audit").daemon().factory());
    return new FileAuditLog(writer, limits, own, own::shutdown);
  }

  /**
   * The same on a thread that others write on, too.
   *
   * @param thread one; stays the caller's to shut down, after the log
   */
  public static FileAuditLog open(
      Path directory,
      AuditKeys keys,
      AuditLimits limits,
      TimeSource time,
      SecureRandom random,
      ScheduledExecutorService thread) {
    return new FileAuditLog(
        writer(directory, keys, limits, time, random), limits, thread, () -> {});
  }

  private static SegmentWriter writer(
      Path directory, AuditKeys keys, AuditLimits limits, TimeSource time, SecureRandom random) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return SegmentWriter.open(directory, keys, limits, time, random);
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.CONFLICT,
          "the audit log in %s cannot be continued: %s. See ./parley audit verify; to begin a new log, move this one away"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  @Override
  public CompletableFuture<AuditEntry> append(AuditEntry entry) {
    Waiting waiting = new Waiting(entry);
    if (!queue.offer(waiting)) {
      waiting.tell(
          new ParleyException(ErrorCode.OVERLOADED, "The audit log takes no more entries now"));
    }
    return waiting.written;
  }

  @Override
  public CompletableFuture<AuditEntry> write(AuditEntry entry) {
    if (!writing.tryLock()) {
      return append(entry);
    }
    Waiting alone = new Waiting(entry);
    try {
      alone.tell(failure(List.of(alone)));
    } finally {
      writing.unlock();
    }
    return alone.written;
  }

  private void write(List<Waiting> batch) {
    @Nullable ParleyException failure;
    writing.lock();
    try {
      failure = failure(batch);
    } finally {
      writing.unlock();
    }
    // Without the lock: what follows an entry may be anything.
    for (Waiting each : batch) {
      each.tell(failure);
    }
  }

  /** Under the lock. */
  private @Nullable ParleyException failure(List<Waiting> batch) {
    if (closed) {
      return new ParleyException(ErrorCode.OVERLOADED, "The audit log is closed");
    }
    try {
      writer.write(batch.stream().map(Waiting::entry).toList());
      syncLater();
      return null;
    } catch (IOException | RuntimeException e) {
      log.error("the audit log cannot be written", e);
      return new ParleyException(ErrorCode.API, "The audit log cannot be written", e);
    }
  }

  private void syncLater() {
    if (!syncIsDue) {
      syncIsDue = true;
      ScheduledFuture<?> _ = thread.schedule(this::sync, SYNC_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void sync() {
    writing.lock();
    try {
      syncIsDue = false;
      if (!closed) {
        writer.force();
      }
    } catch (IOException e) {
      log.error("the audit log cannot be synced", e);
    } finally {
      writing.unlock();
    }
  }

  /** Writes what waits, and syncs. */
  @Override
  public void close() {
    queue.close();
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        writer.close();
      }
    } catch (IOException e) {
      log.error("the audit log cannot be closed", e);
    } finally {
      writing.unlock();
    }
    afterwards.run();
  }
}

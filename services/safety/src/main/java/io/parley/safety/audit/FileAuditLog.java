package io.parley.safety.audit;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.queue.BoundedQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log in a directory of this machine.
 *
 * <p>One thread writes. What comes while it writes is written together next, so that a write costs
 * each entry little and none waits for a timer. An entry is acknowledged when the operating system
 * has it: it survives {@code kill -9}. Files are synced once a second: of a power cut the last
 * second may be missing, which {@link AuditReader} then finds.
 *
 * <p>A write that fails, such as on a full disk, fails its entries, and the next ones are tried
 * again.
 */
public final class FileAuditLog implements AuditLog, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileAuditLog.class);
  private static final int MAX_BATCH = 1_024;
  private static final long SYNC_NANOS = Duration.ofSeconds(1).toNanos();

  private final BoundedQueue<Waiting> queue;
  private final SegmentWriter writer;
  private final TimeSource time;
  private final Thread thread;
  private long syncedNanos;
  private boolean dirty;

  private record Waiting(AuditEntry entry, CompletableFuture<AuditEntry> written) {}

  private FileAuditLog(SegmentWriter writer, AuditLimits limits, TimeSource time) {
    this.queue = BoundedQueue.unfair(limits.maxWaiting());
    this.writer = writer;
    this.time = time;
    this.syncedNanos = time.nanoTime();
    this.thread = Thread.ofPlatform().name("audit").daemon().start(this::run);
  }

  /**
   * Goes on with the log of a directory, or begins one.
   *
   * @throws ParleyException CONFLICT if the log's end was changed or cut off, or its key is missing
   */
  public static FileAuditLog open(
      Path directory, AuditKeys keys, AuditLimits limits, TimeSource time, SecureRandom random) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      SegmentWriter writer = SegmentWriter.open(directory, keys, limits, time, random);
      return new FileAuditLog(writer, limits, time);
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
    Waiting waiting = new Waiting(entry, new CompletableFuture<>());
    if (!offer(waiting)) {
      waiting.written.completeExceptionally(
          new ParleyException(ErrorCode.OVERLOADED, "The audit log takes no more entries now"));
    }
    return waiting.written;
  }

  private boolean offer(Waiting waiting) {
    try {
      return queue.offer(waiting);
    } catch (IllegalStateException closed) {
      return false;
    }
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!queue.isEnded()) {
        Waiting first = queue.poll(SYNC_NANOS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, MAX_BATCH - 1);
          write(batch);
          batch.clear();
        }
        syncIfDue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      queue.close();
    }
  }

  private void write(List<Waiting> batch) {
    @Nullable ParleyException failure = failure(batch.stream().map(Waiting::entry).toList());
    for (Waiting each : batch) {
      if (failure == null) {
        each.written.complete(each.entry);
      } else {
        each.written.completeExceptionally(failure);
      }
    }
  }

  private @Nullable ParleyException failure(List<AuditEntry> entries) {
    try {
      writer.write(entries);
      dirty = true;
      return null;
    } catch (IOException | RuntimeException e) {
      log.error("the audit log cannot be written", e);
      return new ParleyException(ErrorCode.API, "The audit log cannot be written", e);
    }
  }

  private void syncIfDue() {
    long now = time.nanoTime();
    if (dirty && now - syncedNanos >= SYNC_NANOS) {
      syncedNanos = now;
      dirty = false;
      try {
        writer.force();
      } catch (IOException e) {
        log.error("the audit log cannot be synced", e);
      }
    }
  }

  /** Writes what waits, and syncs. */
  @Override
  public void close() {
    queue.close();
    try {
      thread.join();
      writer.close();
    } catch (IOException e) {
      log.error("the audit log cannot be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

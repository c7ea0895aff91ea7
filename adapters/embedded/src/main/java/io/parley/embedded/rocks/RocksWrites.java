package io.parley.embedded.rocks;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes. Those that have to be on the disk are made by one thread, in the order in which they
 * come; whatever has queued up while it synced goes into the next batch together. Those that only
 * have to survive this process are made by their callers at once, and synced within a second.
 * Thread-safe.
 */
final class RocksWrites implements AutoCloseable {
  /** Writes that may wait; the next one is refused with OVERLOADED. */
  static final int MAX_WAITING = 4_096;

  private static final int MAX_GROUP = 256;
  private static final long SYNC_EVERY_MS = 1_000;
  private static final Logger log = LoggerFactory.getLogger(RocksWrites.class);

  private final RocksDB db;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final BlockingQueue<Write> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private final Thread thread;
  private volatile boolean dirty;
  private volatile boolean closed;

  /** What a write adds to its batch. Called once, by the writer's thread. */
  @FunctionalInterface
  interface Change {
    void addTo(WriteBatch batch) throws RocksDBException;
  }

  private record Write(Change change, CompletableFuture<@Nullable Void> done) {}

  RocksWrites(RocksDB db) {
    this.db = db;
    this.thread = Thread.ofPlatform().name("parley-rocks-writes").daemon().start(this::run);
  }

  /** Makes a change that is on the disk when this returns. */
  void durably(Change change) {
    Write write = new Write(change, new CompletableFuture<>());
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    if (!waiting.offer(write)) {
      throw new ParleyException(
          ErrorCode.OVERLOADED, "the store has " + MAX_WAITING + " writes waiting");
    }
    if (closed && waiting.remove(write)) {
      throw new IllegalStateException("the store is closed");
    }
    try {
      write.done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : unusable(e);
    }
  }

  /** Makes a change that survives this process when this returns; takes some microseconds. */
  void quickly(Change change) {
    open.readLock().lock();
    try (WriteBatch batch = new WriteBatch()) {
      if (closed) {
        throw new IllegalStateException("the store is closed");
      }
      change.addTo(batch);
      db.write(unsynced, batch);
      dirty = true;
    } catch (RocksDBException e) {
      throw unusable(e);
    } finally {
      open.readLock().unlock();
    }
  }

  private static ParleyException unusable(Exception e) {
    return new ParleyException(ErrorCode.API, "the store cannot be written to", e);
  }

  private void run() {
    while (!closed || !waiting.isEmpty()) {
      try {
        Write first = waiting.poll(SYNC_EVERY_MS, TimeUnit.MILLISECONDS);
        if (first == null) {
          syncIfDirty();
        } else {
          write(first);
        }
      } catch (InterruptedException e) {
        log.debug("only close ends this thread", e);
      }
    }
    syncIfDirty();
  }

  private void write(Write first) {
    List<Write> group = new ArrayList<>();
    group.add(first);
    waiting.drainTo(group, MAX_GROUP - 1);
    List<Write> added = new ArrayList<>(group.size());
    dirty = false; // a synced write syncs all that was written before it
    try (WriteBatch batch = new WriteBatch()) {
      for (Write write : group) {
        if (isAdded(write, batch)) {
          added.add(write);
        }
      }
      db.write(synced, batch);
      added.forEach(write -> write.done.complete(null));
    } catch (RocksDBException | RuntimeException e) {
      log.error("a group of {} writes failed", group.size(), e);
      group.forEach(write -> write.done.completeExceptionally(unusable(e)));
    }
  }

  /** One that throws is left out alone. */
  private static boolean isAdded(Write write, WriteBatch batch) throws RocksDBException {
    batch.setSavePoint();
    try {
      write.change.addTo(batch);
      batch.popSavePoint();
      return true;
    } catch (RocksDBException | RuntimeException e) {
      batch.rollbackToSavePoint();
      write.done.completeExceptionally(e instanceof RuntimeException known ? known : unusable(e));
      return false;
    }
  }

  private void syncIfDirty() {
    if (dirty) {
      dirty = false;
      try {
        db.syncWal();
      } catch (RocksDBException e) {
        log.error("the store cannot be synced", e);
      }
    }
  }

  @Override
  public void close() {
    open.writeLock().lock(); // no call into a database that is being closed
    try {
      closed = true;
    } finally {
      open.writeLock().unlock();
    }
    thread.interrupt(); // it may be waiting for work
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    synced.close();
    unsynced.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

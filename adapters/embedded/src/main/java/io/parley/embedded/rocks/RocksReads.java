package io.parley.embedded.rocks;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Reads on a fixed number of platform threads; callers wait for theirs. Thread-safe. */
final class RocksReads implements AutoCloseable {
  /** Reads that may wait; the next one is refused with OVERLOADED. */
  static final int MAX_WAITING = 4_096;

  private final RocksDB db;
  private final ThreadPoolExecutor threads;

  RocksReads(RocksDB db, int count) {
    this.db = db;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("parley-rocks-reads-", 0).daemon().factory());
  }

  /** An entry that was found. */
  @SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
  record Entry(byte[] key, byte[] value) {}

  /** What to do with entries as they come. */
  @FunctionalInterface
  interface Take {
    /** Whether it wants another one. */
    boolean entry(byte[] key, byte[] value);
  }

  Optional<byte[]> get(ColumnFamilyHandle family, byte[] key) {
    return run(() -> Optional.ofNullable(db.get(family, key)));
  }

  /** Entries from {@code from} (inclusive) up to {@code to} (exclusive), lowest first. */
  void forward(ColumnFamilyHandle family, byte[] from, byte[] to, Take take) {
    run(() -> scan(family, from, to, true, take));
  }

  /** The same entries, highest first. */
  void backward(ColumnFamilyHandle family, byte[] from, byte[] to, Take take) {
    run(() -> scan(family, from, to, false, take));
  }

  /** The same, at most so many. */
  List<Entry> entries(
      ColumnFamilyHandle family, byte[] from, byte[] to, boolean ascending, int most) {
    List<Entry> found = new ArrayList<>(Math.min(most, 64));
    Take take =
        (key, value) -> {
          found.add(new Entry(key, value));
          return found.size() < most;
        };
    return run(
        () -> {
          scan(family, from, to, ascending, take);
          return found;
        });
  }

  /** Both bounds are set: an iterator without them walks over whatever was deleted behind. */
  private boolean scan(
      ColumnFamilyHandle family, byte[] from, byte[] to, boolean ascending, Take take)
      throws RocksDBException {
    try (Slice lower = new Slice(from);
        Slice upper = new Slice(to);
        ReadOptions options =
            new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
        RocksIterator at = db.newIterator(family, options)) {
      if (ascending) {
        at.seekToFirst();
      } else {
        at.seekToLast();
      }
      while (at.isValid() && take.entry(at.key(), at.value())) {
        if (ascending) {
          at.next();
        } else {
          at.prev();
        }
      }
      at.status();
    }
    return true;
  }

  /** Has something done by one of the threads, and waits for it. */
  <T> T run(Callable<T> work) {
    Future<T> result = submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw thrown(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> Future<T> submit(Callable<T> work) {
    try {
      return threads.submit(work);
    } catch (RejectedExecutionException e) {
      if (threads.isShutdown()) {
        throw new IllegalStateException("the store is closed", e);
      }
      throw new ParleyException(
          ErrorCode.OVERLOADED, "the store has " + MAX_WAITING + " reads waiting", e);
    }
  }

  private static RuntimeException thrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException known
        ? known
        : new ParleyException(ErrorCode.API, "the store cannot be read", e.getCause());
  }

  @Override
  public void close() {
    threads.close();
  }
}

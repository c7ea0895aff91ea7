package io.parley.concurrent.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An exact LRU cache in memory that comes back, contents and order of use, after the process was
 * killed. Every operation that changes something is appended to a file before it returns, {@code
 * get} too: it changes the order.
 *
 * <p><b>Invariants</b>, whenever the lock is free and the cache has not failed:
 *
 * <ol>
 *   <li>Replaying the file gives {@code entries}: the same keys, values and order.
 *   <li>{@code weight} is the sum of the entries' weights, in bytes of their records in the file,
 *       and at most {@code maxBytes}.
 *   <li>The file is at most {@code 2 × maxBytes + 8} bytes long; while it is rewritten, a second
 *       one of at most {@code maxBytes + 8} stands beside it.
 * </ol>
 *
 * <p><b>What a kill can cost</b>: the one operation of each thread that had not returned. It is
 * there as a whole or not at all. (Of a put, what it evicted may be missing in the file; opening
 * evicts the same entries again, because order and weights are the same.)
 *
 * <p><b>A cache may forget, but not lie.</b> Evictions and expiries are logged as removals,
 * although they could be computed: replayed with another limit or clock, they would bring back
 * entries that others believe are gone. A file whose last record is cut off loses that record. A
 * file that is damaged before its end opens as an empty cache, since what was removed later cannot
 * be known any more; {@link #recovery} tells. After a power cut the file may end earlier than what
 * was acknowledged: where old values would do harm, {@link #clear} the cache then.
 *
 * <p><b>When a write fails</b> (a full disk), memory and file would part, so the cache fails for
 * good: that call and all later ones throw, until it is closed and opened again.
 *
 * <p><b>The size of the file</b>: an append that would exceed the bound is replaced by a rewrite,
 * one record an entry, oldest first, which is a snapshot in the format of the log. That happens
 * after at least {@code maxBytes} of appended records, so its cost is a constant for each byte; the
 * call that meets it takes as long as writing {@code maxBytes}.
 *
 * <p>All operations are linearizable, under one lock, which is held while the operating system
 * takes the bytes. Codecs are called under it only when the file is rewritten.
 *
 * <p>Source: the log is described in {@link CacheLog}; rewriting by age is that of log-structured
 * storage (Rosenblum and Ousterhout, 1992), with one segment.
 */
public final class DurableLruCache<K, V> implements AutoCloseable {
  /** Entries live until they are evicted. */
  public static final long NO_TTL = Long.MAX_VALUE;

  /**
   * What a cache may hold, and how.
   *
   * @param maxBytes the sum of the weights is never more; an entry weighs its bytes and 33 more
   * @param ttlMs how long an entry lives after it was put, also while no process has the cache open
   * @param keys how keys become bytes
   * @param values how values become bytes
   * @param epochMs the wall clock: time has to go on while the process is dead
   */
  public record Settings<K, V>(
      long maxBytes, long ttlMs, Codec<K> keys, Codec<V> values, LongSupplier epochMs) {
    public Settings {
      if (maxBytes < 1 || maxBytes > 1L << 40 || ttlMs < 1) {
        throw new IllegalArgumentException(
            "maxBytes must be from 1 to 2^40 and ttlMs at least 1, were %d and %d"
                .formatted(maxBytes, ttlMs));
      }
    }

    /** Without a time to live. */
    public Settings(long maxBytes, Codec<K> keys, Codec<V> values) {
      this(maxBytes, NO_TTL, keys, values, () -> 0);
    }
  }

  /**
   * What was found when the cache was opened.
   *
   * @param entries that came back
   * @param tornBytes that were cut off the end of the file, of an operation that had not returned
   * @param damaged whether the file was not what had been written; the cache began empty then
   */
  public record Recovery(int entries, long tornBytes, boolean damaged) {}

  private record Entry<V>(long id, V value, long weight, long expiresAtMs) {}

  private final Settings<K, V> settings;
  private final FileChannel processLock;
  private final Recovery recovery;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.
  private final CacheLog log;
  private final LinkedHashMap<K, Entry<V>> entries; // oldest use first: in access order
  private long weight;
  private long lastId;
  private long newestId; // of the entry that was used last: using it again changes nothing
  private @Nullable IOException failure;

  /**
   * Opens the cache of a directory, and makes both if they are not there.
   *
   * @throws IOException if the directory cannot be used, or another cache, of this process or
   *     another, has it open
   */
  public static <K, V> DurableLruCache<K, V> open(Path directory, Settings<K, V> settings)
      throws IOException {
    Files.createDirectories(directory);
    FileChannel processLock = lockDirectory(directory);
    try {
      return new DurableLruCache<>(directory.resolve("cache.log"), settings, processLock);
    } catch (IOException | RuntimeException e) {
      processLock.close();
      throw e;
    }
  }

  private static FileChannel lockDirectory(Path directory) throws IOException {
    Path path = directory.resolve("cache.lock");
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Open in this process: the answer is the same.
    }
    channel.close();
    throw new IOException("another cache has this directory open: " + directory);
  }

  private DurableLruCache(Path file, Settings<K, V> settings, FileChannel processLock)
      throws IOException {
    this.settings = settings;
    this.processLock = processLock;
    Replay<K, V> replay = new Replay<>(settings);
    this.recovery = replay.run(file);
    this.entries = replay.entries;
    this.weight = replay.weight;
    this.lastId = replay.lastId;
    this.newestId = entries.isEmpty() ? 0 : entries.lastEntry().getValue().id;
    this.log = CacheLog.create(file, this::snapshot);
  }

  /** The value of a key, which counts as a use of it; null if it is not here. */
  public @Nullable V get(K key) {
    lock.lock();
    try {
      requireUsable();
      Entry<V> entry = entries.get(key);
      if (entry == null) {
        return null;
      }
      CacheLog.Batch batch = new CacheLog.Batch();
      if (entry.expiresAtMs <= settings.epochMs.getAsLong()) {
        drop(key, entry, batch);
        write(batch);
        return null;
      }
      if (entry.id != newestId) {
        newestId = entry.id;
        write(batch.touch(entry.id));
      }
      return entry.value;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a value, which counts as a use of its key, and evicts what is over the limit then. An
   * entry that alone is heavier than the limit is not let in and evicts nobody else; what was under
   * its key leaves all the same.
   *
   * @return the value that was there before, or null
   */
  public @Nullable V put(K key, V value) {
    byte[] keyBytes = settings.keys.encode(key);
    byte[] valueBytes = settings.values.encode(value);
    long newWeight = CacheLog.putRecordBytes(keyBytes.length, valueBytes.length);
    lock.lock();
    try {
      requireUsable();
      long now = settings.epochMs.getAsLong();
      CacheLog.Batch batch = new CacheLog.Batch();
      Entry<V> before = entries.get(key);
      if (newWeight <= settings.maxBytes) {
        forget(key, before); // the record of the new value says so
        add(key, value, newWeight, now, batch, keyBytes, valueBytes);
      } else if (before != null) {
        drop(key, before, batch);
      }
      write(batch);
      return before == null || before.expiresAtMs <= now ? null : before.value;
    } finally {
      lock.unlock();
    }
  }

  /** Takes an entry out; its value, or null if it is not here. */
  public @Nullable V remove(K key) {
    lock.lock();
    try {
      requireUsable();
      Entry<V> entry = entries.get(key);
      if (entry == null) {
        return null;
      }
      CacheLog.Batch batch = new CacheLog.Batch();
      drop(key, entry, batch);
      write(batch);
      return entry.expiresAtMs <= settings.epochMs.getAsLong() ? null : entry.value;
    } finally {
      lock.unlock();
    }
  }

  /** Takes all entries out. */
  public void clear() {
    lock.lock();
    try {
      requireUsable();
      entries.clear();
      weight = 0;
      newestId = 0;
      rewrite();
    } finally {
      lock.unlock();
    }
  }

  /** The keys, from the one whose last use is longest ago to the newest; expired ones too. */
  public List<K> keysOldestFirst() {
    lock.lock();
    try {
      requireUsable();
      return new ArrayList<>(entries.sequencedKeySet());
    } finally {
      lock.unlock();
    }
  }

  /** How many entries are inside; expired ones too. */
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** The sum of the weights, in bytes. */
  public long weightBytes() {
    lock.lock();
    try {
      return weight;
    } finally {
      lock.unlock();
    }
  }

  /** The length of the file, in bytes. */
  public long fileBytes() {
    lock.lock();
    try {
      return log.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** What was found when this cache was opened. */
  public Recovery recovery() {
    return recovery;
  }

  /**
   * Lets go of the file. Nothing has to be written: it is all there. To close twice does nothing.
   */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (failure == null) {
        failure = new IOException("the cache is closed");
      }
      log.close();
      processLock.close();
    } finally {
      lock.unlock();
    }
  }

  // ---- Under the lock ---------------------------------------------------------------------------

  private void forget(K key, @Nullable Entry<V> entry) {
    if (entry == null) {
      return;
    }
    entries.remove(key);
    weight -= entry.weight;
    if (newestId == entry.id) {
      newestId = 0;
    }
  }

  private void drop(K key, Entry<V> entry, CacheLog.Batch batch) {
    forget(key, entry);
    batch.remove(entry.id);
  }

  // The new entry's record first: if the evictions behind it are cut off, opening repeats them. The
  // other way round, a kill could leave neither the old value nor the new one.
  private void add(
      K key,
      V value,
      long newWeight,
      long now,
      CacheLog.Batch batch,
      byte[] keyBytes,
      byte[] valueBytes) {
    long expiresAtMs = now + Math.min(settings.ttlMs, Long.MAX_VALUE - Math.max(0, now));
    newestId = ++lastId;
    batch.put(newestId, expiresAtMs, keyBytes, valueBytes);
    while (weight + newWeight > settings.maxBytes) {
      Map.Entry<K, Entry<V>> oldest = entries.firstEntry();
      drop(oldest.getKey(), oldest.getValue(), batch);
    }
    entries.put(key, new Entry<>(newestId, value, newWeight, expiresAtMs));
    weight += newWeight;
  }

  // Memory has changed already: the file follows by an append, or by a rewrite from memory.
  private void write(CacheLog.Batch batch) {
    if (batch.length() == 0) {
      return;
    }
    if (log.bytes() + batch.length() > CacheLog.HEADER_BYTES + 2 * settings.maxBytes) {
      rewrite();
      return;
    }
    try {
      log.append(batch);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void rewrite() {
    try {
      log.replace(this::snapshot);
    } catch (IOException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      throw failed(new IOException("a codec failed", e));
    }
  }

  private Iterator<CacheLog.Batch> snapshot() {
    return entries.sequencedEntrySet().stream()
        .map(
            entry ->
                new CacheLog.Batch()
                    .put(
                        entry.getValue().id,
                        entry.getValue().expiresAtMs,
                        settings.keys.encode(entry.getKey()),
                        settings.values.encode(entry.getValue().value)))
        .iterator();
  }

  private UncheckedIOException failed(IOException e) {
    failure = e;
    return new UncheckedIOException("the cache could not write its file, and is unusable now", e);
  }

  private void requireUsable() {
    if (failure != null) {
      throw new UncheckedIOException("the cache is closed, or has failed before", failure);
    }
  }

  /** What a file says, with the limits of now. */
  private static final class Replay<K, V> implements CacheLog.Reader {
    private final Settings<K, V> settings;
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, K> keysById = new HashMap<>();
    private long weight;
    private long lastId;

    Replay(Settings<K, V> settings) {
      this.settings = settings;
    }

    Recovery run(Path file) throws IOException {
      CacheLog.Ending ending;
      try {
        ending = CacheLog.replay(file, this);
      } catch (RuntimeException e) {
        // The checksum holds, but the codec does not know what to make of it: another one wrote it.
        ending = new CacheLog.Ending(0, true);
      }
      if (ending.damaged()) {
        entries.clear();
        weight = 0;
      }
      dropWhatIsOver();
      return new Recovery(entries.size(), ending.tornBytes(), ending.damaged());
    }

    private void dropWhatIsOver() {
      long now = settings.epochMs.getAsLong();
      entries.values().removeIf(entry -> entry.expiresAtMs <= now);
      weight = entries.values().stream().mapToLong(Entry::weight).sum();
      while (weight > settings.maxBytes) {
        weight -= Objects.requireNonNull(entries.pollFirstEntry()).getValue().weight;
      }
    }

    @Override
    public void put(long id, long expiresAtMs, byte[] keyBytes, byte[] valueBytes) {
      K key = settings.keys.decode(keyBytes);
      V value = settings.values.decode(valueBytes);
      long recordBytes = CacheLog.putRecordBytes(keyBytes.length, valueBytes.length);
      Entry<V> before = entries.remove(key);
      if (before != null) {
        keysById.remove(before.id);
      }
      entries.put(key, new Entry<>(id, value, recordBytes, expiresAtMs));
      keysById.put(id, key);
      lastId = Math.max(lastId, id);
    }

    @Override
    public void touch(long id) {
      K key = keysById.get(id);
      if (key != null) {
        entries.get(key);
      }
    }

    @Override
    public void remove(long id) {
      K key = keysById.remove(id);
      if (key != null) {
        entries.remove(key);
      }
    }
  }
}

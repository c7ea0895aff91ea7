package io.parley.embedded.rocks;

import io.parley.common.TimeSource;
import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import io.parley.ports.log.PositionGoneException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Events under topic, partition, position, and once more under topic, key, position. Positions are
 * given by the thread that writes, so that they become visible in their order. Thread-safe.
 */
final class RocksEventLog implements EventLog {
  private static final int PARTITIONS = 16;
  private static final int TRIM_ROWS = 1_000;
  private static final String ALL_KEYS = "";

  private final RocksReads reads;
  private final RocksWrites writes;
  private final Families families;
  private final TimeSource time;
  private final Subscribers subscribers = new Subscribers();

  /** By topic, the newest position of each partition; the arrays belong to the writer's thread. */
  private final ConcurrentHashMap<String, long[]> newest = new ConcurrentHashMap<>();

  /** Where things are kept: events in order, events by key, and positions. */
  record Families(
      ColumnFamilyHandle events, ColumnFamilyHandle byKey, ColumnFamilyHandle positions) {}

  RocksEventLog(RocksReads reads, RocksWrites writes, Families families, TimeSource time) {
    this.reads = reads;
    this.writes = writes;
    this.families = families;
    this.time = time;
  }

  @Override
  public long append(String topic, String key, byte[] event) {
    check("key", key);
    if (event.length > MAX_EVENT_BYTES) {
      throw new IllegalArgumentException(
          "an event has at most %d bytes, and this one %d"
              .formatted(MAX_EVENT_BYTES, event.length));
    }
    int partition = partitionOf(topic, key);
    long[] counters = newest.computeIfAbsent(topic, this::load);
    byte[] value = Event.encode(time.now().toEpochMilli(), key, event);
    long[] given = new long[1];
    writes.durably(
        batch -> {
          given[0] = ++counters[partition];
          batch.put(families.events, eventKey(topic, partition, given[0]), value);
          batch.put(families.byKey, byKey(topic, key, given[0]), value);
        });
    subscribers.wake(name(topic, key));
    subscribers.wake(name(topic, ALL_KEYS));
    return given[0];
  }

  private long[] load(String topic) {
    long[] counters = new long[PARTITIONS];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      counters[partition] = end(topic, partition);
    }
    return counters;
  }

  @Override
  public int partitions(String topic) {
    check("topic", topic);
    return PARTITIONS;
  }

  @Override
  public int partitionOf(String topic, String key) {
    return Math.floorMod(key.hashCode(), partitions(topic));
  }

  @Override
  public long beginning(String topic, int partition) {
    return reads
        .get(families.positions, trimmedKey(topic, partition))
        .map(Keys::lastNumber)
        .orElse(BEGINNING);
  }

  @Override
  public long end(String topic, int partition) {
    List<RocksReads.Entry> last =
        reads.entries(
            families.events,
            prefix(topic, partition).bytes(),
            prefix(topic, partition).end(),
            false,
            1);
    return last.isEmpty() ? beginning(topic, partition) : Keys.lastNumber(last.getFirst().key());
  }

  @Override
  public List<LogRecord> read(String topic, int partition, long after, int most) {
    List<RocksReads.Entry> found =
        reads.entries(
            families.events,
            eventKey(topic, partition, after + 1),
            prefix(topic, partition).end(),
            true,
            most);
    return kept(topic, partition, after, found);
  }

  @Override
  public List<LogRecord> readKey(String topic, String key, long after, int most) {
    check("key", key);
    List<RocksReads.Entry> found =
        reads.entries(
            families.byKey,
            byKey(topic, key, after + 1),
            Keys.of(topic).text(key).end(),
            true,
            most);
    return kept(topic, partitionOf(topic, key), after, found);
  }

  /** Looks what is trimmed after the events were read: then nothing can be missing unseen. */
  private List<LogRecord> kept(
      String topic, int partition, long after, List<RocksReads.Entry> found) {
    if (after < beginning(topic, partition)) {
      throw new PositionGoneException(after);
    }
    return found.stream()
        .map(entry -> Event.decode(Keys.lastNumber(entry.key()), entry.value()))
        .toList();
  }

  @Override
  public Subscription subscribe(String topic, String key, Runnable wake) {
    check("key", key);
    return subscribers.add(name(topic, key), wake)::run;
  }

  @Override
  public Subscription subscribe(String topic, Runnable wake) {
    return subscribers.add(name(topic, ALL_KEYS), wake)::run;
  }

  private static String name(String topic, String key) {
    return topic + '\0' + key;
  }

  @Override
  public OptionalLong committed(String reader, String topic, int partition) {
    return reads
        .get(families.positions, committedKey(reader, topic, partition))
        .map(value -> OptionalLong.of(Keys.lastNumber(value)))
        .orElse(OptionalLong.empty());
  }

  @Override
  public void commit(String reader, String topic, int partition, long position) {
    byte[] key = committedKey(reader, topic, partition);
    byte[] value = new Keys().number(position).bytes();
    writes.quickly(batch -> batch.put(families.positions, key, value));
  }

  @Override
  public void trim(String topic, Duration olderThan) {
    long horizonMs = time.now().minus(olderThan).toEpochMilli();
    for (int partition = 0; partition < partitions(topic); partition++) {
      while (trim(topic, partition, horizonMs) == TRIM_ROWS) {
        Thread.onSpinWait(); // other writes get their turn between two batches
      }
    }
  }

  /** How many were removed. */
  private int trim(String topic, int partition, long horizonMs) {
    List<LogRecord> old = new ArrayList<>();
    reads.forward(
        families.events,
        prefix(topic, partition).bytes(),
        prefix(topic, partition).end(),
        (key, value) -> {
          boolean isOld = Event.timeMs(value) < horizonMs;
          if (isOld) {
            old.add(Event.decode(Keys.lastNumber(key), value));
          }
          return isOld && old.size() < TRIM_ROWS;
        });
    if (!old.isEmpty()) {
      writes.durably(batch -> remove(batch, topic, partition, old));
    }
    return old.size();
  }

  private void remove(WriteBatch batch, String topic, int partition, List<LogRecord> old)
      throws RocksDBException {
    for (LogRecord record : old) {
      batch.delete(families.events, eventKey(topic, partition, record.position()));
      batch.delete(families.byKey, byKey(topic, record.key(), record.position()));
    }
    batch.put(
        families.positions,
        trimmedKey(topic, partition),
        new Keys().number(old.getLast().position()).bytes());
  }

  private static Keys prefix(String topic, int partition) {
    return Keys.of(topic).number(partition);
  }

  private static byte[] eventKey(String topic, int partition, long position) {
    return prefix(topic, partition).number(position).bytes();
  }

  private static byte[] byKey(String topic, String key, long position) {
    return Keys.of(topic).text(key).number(position).bytes();
  }

  private static byte[] trimmedKey(String topic, int partition) {
    return Keys.of("trimmed").text(topic).number(partition).bytes();
  }

  private static byte[] committedKey(String reader, String topic, int partition) {
    check("reader", reader);
    return Keys.of("committed").text(topic).text(reader).number(partition).bytes();
  }

  private static void check(String what, String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
      throw new IllegalArgumentException(
          "a %s has 1 to %d characters, and this one %d"
              .formatted(what, MAX_NAME_CHARS, name.length()));
    }
  }

  /** An event as it is stored: when it came, its key, and itself. */
  private static final class Event {
    private Event() {}

    static byte[] encode(long timeMs, String key, byte[] event) {
      byte[] name = key.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length + event.length)
          .putLong(timeMs)
          .putInt(name.length)
          .put(name)
          .put(event)
          .array();
    }

    static long timeMs(byte[] value) {
      return ByteBuffer.wrap(value).getLong();
    }

    static LogRecord decode(long position, byte[] value) {
      ByteBuffer in = ByteBuffer.wrap(value).position(Long.BYTES);
      byte[] name = new byte[in.getInt()];
      in.get(name);
      byte[] event = new byte[in.remaining()];
      in.get(event);
      return new LogRecord(position, new String(name, StandardCharsets.UTF_8), event);
    }
  }
}

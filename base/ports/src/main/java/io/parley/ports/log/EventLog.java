package io.parley.ports.log;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Topics of events, ordered for each key, that can be read again from any position that is still
 * kept. Thread-safe; methods block unless they say otherwise.
 *
 * <p><b>Order.</b> A topic has a fixed number of partitions, a key belongs to one of them for ever,
 * and positions rise within a partition. Between partitions there is no order. A reader sees events
 * without gaps: once it saw a position it will never see a lower one that it has not seen.
 *
 * <p><b>Durability.</b> When {@link #append} returns, the event is on stable storage and is seen by
 * every later read, of any process, until it is trimmed.
 *
 * <p><b>Time-outs.</b> After TIMEOUT an append may have happened, or may happen yet; repeating it
 * may add the event twice, so events carry what makes a repetition harmless. After any other
 * exception it has not happened.
 */
public interface EventLog {
  /** Characters of a topic, of a key and of a reader's name. */
  int MAX_NAME_CHARS = 200;

  /** Bytes of an event. */
  int MAX_EVENT_BYTES = 1 << 20;

  /** Before the first event. */
  long BEGINNING = 0;

  /**
   * Adds an event behind all others of its key.
   *
   * @return its position
   */
  long append(String topic, String key, byte[] event);

  /** How many partitions the topic has; the same for ever. */
  int partitions(String topic);

  /** Where the events of a key are. */
  int partitionOf(String topic, String key);

  /** The position after which events of a partition are kept; {@link #BEGINNING} if all are. */
  long beginning(String topic, int partition);

  /** The position of the newest event of a partition, {@link #BEGINNING} if there is none. */
  long end(String topic, int partition);

  /**
   * Events of a partition, in order.
   *
   * @param after a position of that partition, or {@link #BEGINNING}
   * @param most at least 1
   * @return empty when there is nothing newer
   * @throws PositionGoneException if events after it may have been trimmed
   */
  List<LogRecord> read(String topic, int partition, long after, int most);

  /**
   * Events of one key, in order; as {@link #read} in all else. Made for readers who are a little
   * behind: a log without an index by key looks through all that came after the position.
   */
  List<LogRecord> readKey(String topic, String key, long after, int most);

  /**
   * Has somebody woken when there may be news of a key, until the subscription is closed. A hint,
   * at least one after the last append: whoever is woken reads. Does not block.
   *
   * @param wake must return at once; any thread may call it
   */
  Subscription subscribe(String topic, String key, Runnable wake);

  /** The same for all keys. */
  Subscription subscribe(String topic, Runnable wake);

  /** Where a reader is that keeps its position here; empty if it never said so. */
  OptionalLong committed(String reader, String topic, int partition);

  /**
   * Keeps a reader's position: all up to it is done with. One reader of a name and a partition at a
   * time.
   */
  void commit(String reader, String topic, int partition, long position);

  /** Forgets events older than this, if not at once then soon. */
  void trim(String topic, Duration olderThan);

  /** Ends when closed; closing it again does nothing. Does not block. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}

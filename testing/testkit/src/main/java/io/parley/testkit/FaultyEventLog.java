package io.parley.testkit;

import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** An {@link EventLog} whose appends go wrong as the port says that they may. Thread-safe. */
public final class FaultyEventLog implements EventLog {
  private final EventLog log;
  private final Faults faults;

  public FaultyEventLog(EventLog log, Faults faults) {
    this.log = log;
    this.faults = faults;
  }

  @Override
  public long append(String topic, String key, byte[] event) {
    return faults.write(() -> log.append(topic, key, event));
  }

  @Override
  public int partitions(String topic) {
    return log.partitions(topic);
  }

  @Override
  public int partitionOf(String topic, String key) {
    return log.partitionOf(topic, key);
  }

  @Override
  public long beginning(String topic, int partition) {
    return log.beginning(topic, partition);
  }

  @Override
  public long end(String topic, int partition) {
    return log.end(topic, partition);
  }

  @Override
  public List<LogRecord> read(String topic, int partition, long after, int most) {
    return log.read(topic, partition, after, most);
  }

  @Override
  public List<LogRecord> readKey(String topic, String key, long after, int most) {
    return log.readKey(topic, key, after, most);
  }

  @Override
  public Subscription subscribe(String topic, String key, Runnable wake) {
    return log.subscribe(topic, key, wake);
  }

  @Override
  public Subscription subscribe(String topic, Runnable wake) {
    return log.subscribe(topic, wake);
  }

  @Override
  public OptionalLong committed(String reader, String topic, int partition) {
    return log.committed(reader, topic, partition);
  }

  @Override
  public void commit(String reader, String topic, int partition, long position) {
    log.commit(reader, topic, partition, position);
  }

  @Override
  public void trim(String topic, Duration olderThan) {
    log.trim(topic, olderThan);
  }
}

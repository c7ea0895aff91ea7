package io.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.ports.log.EventLog;
import io.parley.ports.log.LogRecord;
import io.parley.ports.log.PositionGoneException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventLog} must do, also one whose appends happen twice or time out: a reader
 * who takes no event twice sees each once, in order. An adapter's test extends it.
 */
public abstract class EventLogContract {
  private static final String TOPIC = "topic";

  private EventLog log;

  /** Opens an empty log. */
  protected abstract EventLog open();

  /** Lets time go by. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void openOne() {
    log = open();
  }

  @Test
  void aKeyIsReadInTheOrderOfItsEvents() {
    for (int i = 0; i < 20; i++) {
      append("a", "a" + i);
      append("b", "b" + i);
    }
    assertThat(distinct(log.readKey(TOPIC, "a", EventLog.BEGINNING, 1_000)))
        .containsExactly(
            java.util.stream.IntStream.range(0, 20).mapToObj(i -> "a" + i).toArray(String[]::new));
    assertThat(log.readKey(TOPIC, "nobody", EventLog.BEGINNING, 10)).isEmpty();
  }

  @Test
  void readingGoesOnFromAnyPosition() {
    append("a", "1");
    append("a", "2");
    append("a", "3");
    List<String> all = new ArrayList<>();
    long position = EventLog.BEGINNING;
    List<LogRecord> one = log.readKey(TOPIC, "a", position, 1);
    while (!one.isEmpty()) {
      assertThat(one.getFirst().position()).isGreaterThan(position);
      position = one.getFirst().position();
      all.add(text(one.getFirst()));
      one = log.readKey(TOPIC, "a", position, 1);
    }
    assertThat(all.stream().distinct()).containsExactly("1", "2", "3");
    assertThat(log.end(TOPIC, log.partitionOf(TOPIC, "a"))).isGreaterThanOrEqualTo(position);
  }

  @Test
  void aPartitionHoldsAllEventsOfItsKeys() {
    int partition = log.partitionOf(TOPIC, "a");
    append("a", "1");
    append("a", "2");
    List<LogRecord> records = log.read(TOPIC, partition, EventLog.BEGINNING, 100);
    assertThat(distinct(records)).containsExactly("1", "2");
    assertThat(records).extracting(LogRecord::key).containsOnly("a");
    assertThat(log.read("other", partition, EventLog.BEGINNING, 100)).isEmpty();
  }

  @Test
  void nobodySeesAGapWhileManyAppend() throws Exception {
    List<String> seen = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String writer = "w" + i;
        writers.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 25; n++) {
                    append("a", writer + "-" + n);
                  }
                }));
      }
      long position = EventLog.BEGINNING;
      boolean done = false;
      while (true) {
        List<LogRecord> news = log.readKey(TOPIC, "a", position, 10);
        for (LogRecord record : news) {
          position = record.position();
          seen.add(text(record));
        }
        if (done && news.isEmpty()) {
          break;
        }
        done = writers.stream().allMatch(Future::isDone);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(seen.stream().distinct()).hasSize(8 * 25);
    for (int i = 0; i < 8; i++) {
      String writer = "w" + i + "-";
      assertThat(seen.stream().filter(event -> event.startsWith(writer)).distinct().toList())
          .isSortedAccordingTo(
              java.util.Comparator.comparingInt(
                  event -> Integer.parseInt(event.substring(writer.length()))));
    }
  }

  @Test
  void whoSubscribesIsWoken() {
    AtomicInteger woken = new AtomicInteger();
    AtomicInteger all = new AtomicInteger();
    try (var one = log.subscribe(TOPIC, "a", woken::incrementAndGet);
        var every = log.subscribe(TOPIC, all::incrementAndGet)) {
      assertThat(one).isNotSameAs(every);
      append("b", "1");
      assertThat(woken).hasValue(0);
      append("a", "2");
      assertThat(woken.get()).isPositive();
      assertThat(all.get()).isGreaterThan(1);
    }
    int before = woken.get();
    append("a", "3");
    assertThat(woken).hasValue(before);
  }

  @Test
  void whatIsTrimmedIsMissed() {
    int partition = log.partitionOf(TOPIC, "a");
    append("a", "1");
    long first = log.end(TOPIC, partition);
    pass(Duration.ofDays(2));
    append("a", "2");
    log.trim(TOPIC, Duration.ofDays(1));
    assertThatExceptionOfType(PositionGoneException.class)
        .isThrownBy(() -> log.readKey(TOPIC, "a", EventLog.BEGINNING, 10));
    assertThatExceptionOfType(PositionGoneException.class)
        .isThrownBy(() -> log.read(TOPIC, partition, EventLog.BEGINNING, 10));
    assertThat(log.beginning(TOPIC, partition)).isEqualTo(first);
    assertThat(distinct(log.readKey(TOPIC, "a", first, 10))).containsExactly("2");
    pass(Duration.ofDays(2));
    log.trim(TOPIC, Duration.ofDays(1));
    long end = log.end(TOPIC, partition);
    append("a", "3");
    assertThat(distinct(log.readKey(TOPIC, "a", end, 10))).containsExactly("3");
  }

  @Test
  void readersKeepTheirPositions() {
    assertThat(log.committed("reader", TOPIC, 0)).isEmpty();
    log.commit("reader", TOPIC, 0, 7);
    log.commit("reader", TOPIC, 1, 8);
    log.commit("other", TOPIC, 0, 9);
    assertThat(log.committed("reader", TOPIC, 0)).hasValue(7);
    assertThat(log.committed("reader", TOPIC, 1)).hasValue(8);
  }

  private void append(String key, String event) {
    byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
    long position = Faults.untilKnown(() -> log.append(TOPIC, key, bytes));
    assertThat(position).isPositive();
  }

  private static List<String> distinct(List<LogRecord> records) {
    return records.stream().map(EventLogContract::text).distinct().toList();
  }

  private static String text(LogRecord record) {
    return new String(record.event(), StandardCharsets.UTF_8);
  }
}

package io.parley.gateway.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CountHistoryTest {
  private static final long SLOT_MS = 1_000;
  private static final int SLOTS = 20;

  private record Event(long atMs, long good, long bad) {}

  private final CountHistory history =
      new CountHistory(Duration.ofMillis(SLOT_MS), Duration.ofMillis(SLOTS * SLOT_MS), 0);

  /** Each event is what happened since the look before, seen at its time. */
  @Property
  void saysWhatAListOfAllEventsWouldSay(
      @ForAll @Size(max = 60) List<@IntRange(max = 4_000) Integer> pausesMs,
      @ForAll @IntRange(min = 1, max = SLOTS) int windowSlots,
      @ForAll @IntRange(max = 30_000) int silenceMs) {
    CountHistory fresh =
        new CountHistory(Duration.ofMillis(SLOT_MS), Duration.ofMillis(SLOTS * SLOT_MS), 0);
    List<Event> events = new ArrayList<>();
    Counts sum = Counts.NONE;
    long now = 0;
    for (int pause : pausesMs) {
      now += pause;
      Event event = new Event(now, pause % 7, pause % 3);
      events.add(event);
      sum = new Counts(sum.good() + event.good, sum.bad() + event.bad);
      fresh.record(now, sum);
    }
    now += silenceMs;
    Duration window = Duration.ofMillis(windowSlots * SLOT_MS);
    assertThat(fresh.over(window, now)).isEqualTo(naive(events, window, now));
  }

  private static Counts naive(List<Event> events, Duration window, long nowMs) {
    long firstSlot = Math.ceilDiv(nowMs - window.toMillis(), SLOT_MS);
    long good = 0;
    long bad = 0;
    for (Event event : events) {
      if (event.atMs >= firstSlot * SLOT_MS || firstSlot <= 0) {
        good += event.good;
        bad += event.bad;
      }
    }
    return new Counts(good, bad);
  }

  @Test
  void aHistoryShorterThanTheWindowAnswersForWhatThereIs() {
    history.record(500, new Counts(3, 1));
    assertThat(history.over(Duration.ofSeconds(20), 600)).isEqualTo(new Counts(3, 1));
  }

  @Test
  void whatIsOlderThanTheWindowIsLeftOut() {
    history.record(500, new Counts(3, 1));
    history.record(9_500, new Counts(10, 1));
    assertThat(history.over(Duration.ofSeconds(5), 9_900)).isEqualTo(new Counts(7, 0));
    assertThat(history.over(Duration.ofSeconds(5), 60_000)).isEqualTo(Counts.NONE);
  }
}

package io.parley.concurrent.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final long MINUTE = 60_000_000_000L;
  private final VirtualClock clock = new VirtualClock();

  @Test
  void noEdgeOfAWindowLetsTwiceTheLimitThrough() {
    SlidingWindow window = new SlidingWindow(1_000, MINUTE, clock);
    clock.advance(MINUTE - 1);
    assertThat(take(window, 2_000)).isEqualTo(1_000);
    clock.advance(2);
    assertThat(take(window, 2_000)).isZero();
    clock.advance(MINUTE - 2);
    assertThat(take(window, 2_000)).isEqualTo(1_000);
  }

  @Test
  void placesOfTheFutureAreGivenInOrder() {
    SlidingWindow window = new SlidingWindow(2, 100, clock);
    assertThat(window.reserve(0)).isZero();
    clock.advance(10);
    assertThat(window.reserve(0)).isZero();
    assertThat(window.reserve(89)).isEqualTo(SlidingWindow.REFUSED);
    assertThat(window.reserve(90)).isEqualTo(90);
    assertThat(window.reserve(1_000)).isEqualTo(100);
    assertThat(window.nanosUntilNext()).isEqualTo(190);
    assertThat(window.available()).isZero();
    assertThat(window.tryTake()).isFalse();
  }

  @Test
  void tellsHowMuchIsLeft() {
    SlidingWindow window = new SlidingWindow(3, 100, clock);
    assertThat(window.available()).isEqualTo(3);
    assertThat(window.tryTake()).isTrue();
    assertThat(window.available()).isEqualTo(2);
    assertThat(window.nanosUntilNext()).isZero();
    clock.advance(100);
    assertThat(window.available()).isEqualTo(3);
  }

  @Test
  void limitsThatCannotBeAreRefusedByName() {
    assertThatThrownBy(() -> new SlidingWindow(0, 1, clock)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new SlidingWindow(1, 0, clock)).hasMessageContaining("windowNanos");
  }

  @Property(tries = 300)
  void noWindowHasMoreThanTheLimitAndNoneIsRefusedThatWouldFit(
      @ForAll @IntRange(min = 1, max = 7) int limit,
      @ForAll @IntRange(min = 1, max = 50) int length,
      @ForAll long seed) {
    Random random = new Random(seed);
    SlidingWindow window = new SlidingWindow(limit, length, clock);
    long now = 0;
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long step = random.nextInt(6);
      clock.advance(step);
      now += step;
      long maxWait = random.nextInt(4) == 0 ? random.nextInt(30) : 0;
      long wait = window.reserve(maxWait);
      int size = given.size();
      long earliest = size < limit ? now : Math.max(now, given.get(size - limit) + length);
      long expected = size == 0 ? earliest : Math.max(earliest, given.get(size - 1));
      assertThat(wait).isEqualTo(expected - now <= maxWait ? expected - now : -1);
      if (wait >= 0) {
        given.add(now + wait);
      }
    }
    for (int i = limit; i < given.size(); i++) {
      assertThat(given.get(i) - given.get(i - limit)).isGreaterThanOrEqualTo(length);
    }
  }

  private static int take(SlidingWindow window, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += window.tryTake() ? 1 : 0;
    }
    return taken;
  }
}

package io.parley.concurrent.limit;

import static io.parley.concurrent.limit.Quota.State.EXPIRED;
import static io.parley.concurrent.limit.Quota.State.HELD;
import static io.parley.concurrent.limit.Quota.State.RELEASED;
import static io.parley.concurrent.limit.Quota.State.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final long SECOND = 1_000_000_000L;
  private final VirtualClock clock = new VirtualClock();
  private final Quota quota = new Quota(100, 10, SECOND, 60 * SECOND, clock);

  @Test
  void whatIsReservedIsNotAvailableAndWhatIsNotUsedComesBack() {
    Quota.Reservation reservation = quota.reserve(70).orElseThrow();
    assertThat(quota.available()).isEqualTo(30);
    assertThat(quota.reserve(31)).isEmpty();
    assertThat(reservation.settle(20)).isTrue();
    assertThat(reservation.state()).isEqualTo(SETTLED);
    assertThat(quota.available()).isEqualTo(80);
    assertThat(quota.charged()).isEqualTo(20);
  }

  @Test
  void aReservationEndsOnce() {
    Quota.Reservation reservation = quota.reserve(70).orElseThrow();
    assertThat(reservation.release()).isTrue();
    assertThat(reservation.settle(70)).isFalse();
    assertThat(reservation.release()).isFalse();
    reservation.close();
    assertThat(reservation.state()).isEqualTo(RELEASED);
    assertThat(quota.available()).isEqualTo(100);
  }

  @Test
  void whatWasChargedComesBackEvenlyAndWhatIsReservedDoesNot() {
    assertThat(quota.reserve(50).orElseThrow().settle(50)).isTrue();
    Quota.Reservation held = quota.reserve(50).orElseThrow();
    clock.advance(SECOND / 10);
    assertThat(quota.available()).isEqualTo(1);
    clock.advance(30 * SECOND);
    assertThat(quota.available()).isEqualTo(50);
    assertThat(held.state()).isEqualTo(HELD);
  }

  @Test
  void whoUsesMoreThanReservedOwesIt() {
    Quota.Reservation reservation = quota.reserve(50).orElseThrow();
    assertThat(reservation.settle(130)).isTrue();
    assertThat(quota.available()).isEqualTo(-30);
    assertThat(quota.reserve(1)).isEmpty();
    clock.advance(4 * SECOND);
    assertThat(quota.available()).isEqualTo(10);
  }

  @Test
  void aReservationThatNobodyEndsIsChargedInFull() {
    Quota.Reservation lost = quota.reserve(100).orElseThrow();
    clock.advance(60 * SECOND - 1);
    assertThat(quota.available()).isZero();
    assertThat(quota.reserved()).isEqualTo(100);
    clock.advance(1);
    assertThat(lost.state()).isEqualTo(EXPIRED);
    assertThat(lost.settle(1)).isFalse();
    assertThat(quota.reserved()).isZero();
    assertThat(quota.charged()).isEqualTo(100);
    clock.advance(10 * SECOND);
    assertThat(quota.available()).isEqualTo(100);
  }

  @Test
  void whatExpiredComesBackFromThenOnWheneverSomebodyLooks() {
    assertThat(quota.reserve(100)).isPresent();
    clock.advance(65 * SECOND);
    assertThat(quota.charged()).isEqualTo(50);
    assertThat(quota.available()).isEqualTo(50);
  }

  @Test
  void aQuotaWithoutRefillIsABudget() {
    Quota budget = new Quota(10, 0, 1, SECOND, clock);
    assertThat(budget.reserve(10).orElseThrow().settle(10)).isTrue();
    clock.advance(1_000 * SECOND);
    assertThat(budget.available()).isZero();
  }

  @Test
  void chargesBeyondAllMeasureDoNotOverflow() {
    for (int i = 0; i < 5; i++) {
      Quota greedy = new Quota(10, 7, 60 * SECOND, SECOND, clock);
      assertThat(greedy.reserve(5).orElseThrow().settle(Long.MAX_VALUE)).isTrue();
      assertThat(greedy.available()).isNegative();
      assertThat(greedy.charged()).isPositive();
    }
  }

  @Test
  void badAmountsAreRefusedByName() {
    assertThatThrownBy(() -> quota.reserve(101)).hasMessageContaining("capacity of 100, was 101");
    assertThatThrownBy(() -> quota.reserve(0)).hasMessageContaining("units");
    Quota.Reservation reservation = quota.reserve(1).orElseThrow();
    assertThatThrownBy(() -> reservation.settle(-1)).hasMessageContaining("used");
    assertThatThrownBy(() -> new Quota(1, 1, 0, 1, clock)).hasMessageContaining("periodNanos");
    assertThatThrownBy(() -> new Quota(Long.MAX_VALUE, 1, 2, 1, clock))
        .hasMessageContaining("capacity × period");
  }

  @Property(tries = 200)
  void theSumsHoldUnderAnySequence(@ForAll long seed) {
    Random random = new Random(seed);
    Quota budget = new Quota(1_000, 0, 1, 50, clock);
    List<Quota.Reservation> open = new ArrayList<>();
    List<Long> deadlines = new ArrayList<>();
    long now = 0;
    long charged = 0;
    for (int i = 0; i < 200; i++) {
      long step = random.nextInt(5);
      clock.advance(step);
      now += step;
      for (int r = open.size() - 1; r >= 0; r--) {
        if (deadlines.get(r) <= now) {
          charged += open.remove(r).units();
          deadlines.remove(r);
        }
      }
      int choice = random.nextInt(3);
      if (choice == 0) {
        long units = random.nextLong(1, 101);
        long held = open.stream().mapToLong(Quota.Reservation::units).sum();
        boolean fits = units <= 1_000 - charged - held;
        var reservation = budget.reserve(units);
        assertThat(reservation.isPresent()).isEqualTo(fits);
        if (fits) {
          open.add(reservation.orElseThrow());
          deadlines.add(now + 50);
        }
      } else if (!open.isEmpty()) {
        int r = random.nextInt(open.size());
        long used = choice == 1 ? random.nextInt(5) : 0;
        Quota.Reservation reservation = open.remove(r);
        deadlines.remove(r);
        assertThat(choice == 1 ? reservation.settle(used) : reservation.release()).isTrue();
        charged += used;
      }
      assertThat(budget.reserved())
          .isEqualTo(open.stream().mapToLong(Quota.Reservation::units).sum());
      assertThat(budget.charged()).isEqualTo(charged);
    }
  }

  @Test
  void racingEndsCountOnce() throws Exception {
    for (int round = 0; round < 300; round++) {
      Quota.Reservation reservation = quota.reserve(100).orElseThrow();
      LongAdder ended = new LongAdder();
      try (Threads threads = new Threads()) {
        for (int i = 0; i < 3; i++) {
          boolean settles = i > 0;
          threads.launch(
              () -> {
                if (settles ? reservation.settle(0) : reservation.release()) {
                  ended.increment();
                }
              });
        }
        threads.join();
      }
      assertThat(ended.sum()).isOne();
      assertThat(quota.available()).isEqualTo(100);
    }
  }
}

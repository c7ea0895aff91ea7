package io.parley.concurrent.limit;

import static io.parley.concurrent.limit.CircuitBreaker.REFUSED;
import static io.parley.concurrent.limit.CircuitBreaker.State.CLOSED;
import static io.parley.concurrent.limit.CircuitBreaker.State.HALF_OPEN;
import static io.parley.concurrent.limit.CircuitBreaker.State.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.parley.concurrent.VirtualClock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final VirtualClock clock = new VirtualClock(0);
  private final CircuitBreaker breaker =
      new CircuitBreaker(new CircuitBreaker.Settings(4, 4, 0.5, 1_000, 2), clock);

  private void call(boolean succeeds) {
    long ticket = breaker.tryEnter();
    assertThat(ticket).isNotEqualTo(REFUSED);
    if (succeeds) {
      breaker.succeeded(ticket);
    } else {
      breaker.failed(ticket);
    }
  }

  private void open() {
    for (int i = 0; i < 4; i++) {
      call(false);
    }
    assertThat(breaker.state()).isEqualTo(OPEN);
  }

  @Test
  void opensWhenTooManyOfTheLastCallsFailed() {
    call(true);
    call(true);
    call(false);
    assertThat(breaker.state()).isEqualTo(CLOSED);
    call(false);
    assertThat(breaker.state()).isEqualTo(OPEN);
    assertThat(breaker.tryEnter()).isEqualTo(REFUSED);
  }

  @Test
  void saysWhenTheNextCallMayBeMade() {
    assertThat(breaker.nanosUntilNext()).isZero();
    open();
    assertThat(breaker.nanosUntilNext()).isEqualTo(1_000);
    clock.advance(999);
    assertThat(breaker.nanosUntilNext()).isEqualTo(1);
    clock.advance(1);
    assertThat(breaker.nanosUntilNext()).isZero();
    breaker.tryEnter();
    assertThat(breaker.nanosUntilNext()).as("one trial is left").isZero();
    breaker.tryEnter();
    assertThat(breaker.nanosUntilNext()).as("both trials are out").isEqualTo(1_000);
  }

  @Test
  void closesAfterTrialsThatWentWell() {
    open();
    clock.advance(999);
    assertThat(breaker.tryEnter()).isEqualTo(REFUSED);
    clock.advance(1);
    call(true);
    assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    call(true);
    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void lateOutcomesOfAnEarlierStateDoNotCount() {
    long late = breaker.tryEnter();
    open();
    clock.advance(1_000);
    long trial = breaker.tryEnter();
    breaker.failed(late);
    breaker.failed(late);
    assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    breaker.succeeded(trial);
    call(true);
    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void onlySoManyTrialsAndOneThatTaughtNothingMayBeMadeAgain() {
    open();
    clock.advance(1_000);
    long first = breaker.tryEnter();
    assertThat(breaker.tryEnter()).isNotEqualTo(REFUSED);
    assertThat(breaker.tryEnter()).isEqualTo(REFUSED);
    breaker.nothingLearnt(first);
    assertThat(breaker.tryEnter()).isNotEqualTo(REFUSED);
    assertThat(breaker.tryEnter()).isEqualTo(REFUSED);
  }

  @Test
  void trialsThatNeverReportDoNotKeepItHalfOpenForEver() {
    open();
    clock.advance(1_000);
    assertThat(breaker.tryEnter()).isNotEqualTo(REFUSED);
    assertThat(breaker.tryEnter()).isNotEqualTo(REFUSED);
    clock.advance(999);
    assertThat(breaker.tryEnter()).isEqualTo(REFUSED);
    clock.advance(1);
    call(true);
    call(true);
    assertThat(breaker.state()).isEqualTo(CLOSED);
  }

  @Test
  void settingsThatCannotBeAreRefusedByName() {
    assertThatThrownBy(() -> new CircuitBreaker.Settings(4, 5, 0.5, 1, 1))
        .hasMessageContaining("minCalls");
    assertThatThrownBy(() -> new CircuitBreaker.Settings(4, 4, Double.NaN, 1, 1))
        .hasMessageContaining("failureShare");
  }

  /**
   * Calls one after the other go the same way through Resilience4j's breaker. With more trials than
   * calls in the window, which is left out here, theirs decides before all trials are known.
   */
  @Property(tries = 200)
  void agreesWithResilience4j(
      @ForAll @IntRange(min = 4, max = 10) int window,
      @ForAll @IntRange(min = 1, max = 4) int trials,
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll long seed) {
    VirtualClock time = new VirtualClock(1_000_000_000_000L);
    long openMs = 100;
    CircuitBreaker ours =
        new CircuitBreaker(
            new CircuitBreaker.Settings(
                window, window, percent / 100.0, openMs * 1_000_000, trials),
            time);
    var theirs =
        io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
            "oracle",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(window)
                .minimumNumberOfCalls(window)
                .failureRateThreshold(percent)
                .waitDurationInOpenState(Duration.ofMillis(openMs))
                .permittedNumberOfCallsInHalfOpenState(trials)
                .clock(new MillisClock(time))
                .build());
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      // Never exactly the time that it stays open: at that moment theirs still refuses.
      time.advanceMs(3L * random.nextInt(10));
      long ticket = ours.tryEnter();
      assertThat(theirs.tryAcquirePermission()).isEqualTo(ticket != REFUSED);
      if (ticket == REFUSED) {
        continue;
      }
      if (random.nextInt(3) > 0) {
        ours.succeeded(ticket);
        theirs.onSuccess(1, TimeUnit.MILLISECONDS);
      } else {
        ours.failed(ticket);
        theirs.onError(1, TimeUnit.MILLISECONDS, new IllegalStateException());
      }
      assertThat(theirs.getState().name()).isEqualTo(ours.state().name());
    }
  }

  private static final class MillisClock extends java.time.Clock {
    private final VirtualClock time;

    MillisClock(VirtualClock time) {
      this.time = time;
    }

    @Override
    public java.time.ZoneId getZone() {
      return java.time.ZoneOffset.UTC;
    }

    @Override
    public java.time.Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public java.time.Instant instant() {
      return java.time.Instant.ofEpochMilli(time.getAsLong() / 1_000_000);
    }
  }
}

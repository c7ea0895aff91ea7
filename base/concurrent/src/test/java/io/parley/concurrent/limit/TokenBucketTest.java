package io.parley.concurrent.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import java.math.BigInteger;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;
  private final VirtualClock clock = new VirtualClock();

  @Test
  void aFullBucketGivesABurstAndThenItsRate() {
    TokenBucket bucket = new TokenBucket(5, 2, SECOND, clock);
    assertThat(bucket.tryTake(5)).isTrue();
    assertThat(bucket.tryTake(1)).isFalse();
    assertThat(bucket.nanosUntil(1)).isEqualTo(SECOND / 2);
    clock.advance(SECOND / 2 - 1);
    assertThat(bucket.tryTake(1)).isFalse();
    clock.advance(1);
    assertThat(bucket.tryTake(1)).isTrue();
    assertThat(bucket.available()).isZero();
  }

  @Test
  void reservationsAreGivenInOrderAndOweTheBucket() {
    TokenBucket bucket = new TokenBucket(1, 1, SECOND, clock);
    assertThat(bucket.reserve(1, 0)).isZero();
    assertThat(bucket.reserve(1, SECOND)).isEqualTo(SECOND);
    assertThat(bucket.reserve(1, SECOND)).isEqualTo(TokenBucket.REFUSED);
    assertThat(bucket.reserve(1, 2 * SECOND)).isEqualTo(2 * SECOND);
    assertThat(bucket.available()).isEqualTo(-2);
    clock.advance(3 * SECOND);
    assertThat(bucket.tryTake(1)).isTrue();
  }

  @Test
  void whatIsBroughtBackCanBeTakenButNotMoreThanTheCapacity() {
    TokenBucket bucket = new TokenBucket(10, 1, SECOND, clock);
    assertThat(bucket.tryTake(8)).isTrue();
    bucket.giveBack(3);
    assertThat(bucket.available()).isEqualTo(5);
    bucket.giveBack(10);
    assertThat(bucket.available()).isEqualTo(10);
  }

  @Test
  void yearsOfDisuseOverflowNothing() {
    TokenBucket bucket = new TokenBucket(1_000_000_000, 999_999_937, SECOND, clock);
    assertThat(bucket.tryTake(1_000_000_000)).isTrue();
    clock.advance(100L * 365 * 86_400 * SECOND);
    assertThat(bucket.available()).isEqualTo(1_000_000_000);
    assertThat(bucket.tryTake(1_000_000_000)).isTrue();
    assertThat(bucket.tryTake(1)).isFalse();
  }

  @Test
  void aClockThatGoesBackBringsNothing() {
    TokenBucket bucket = new TokenBucket(1, 1, SECOND, clock);
    assertThat(bucket.tryTake(1)).isTrue();
    clock.advance(-10 * SECOND);
    assertThat(bucket.tryTake(1)).isFalse();
    clock.advance(10 * SECOND);
    assertThat(bucket.tryTake(1)).isFalse();
  }

  @Test
  void moreThanTheCapacityIsRefusedByName() {
    TokenBucket bucket = new TokenBucket(5, 2, SECOND, clock);
    assertThatThrownBy(() -> bucket.tryTake(6)).hasMessageContaining("capacity of 5, was 6");
    assertThatThrownBy(() -> bucket.tryTake(0)).hasMessageContaining("tokens");
    assertThatThrownBy(() -> new TokenBucket(0, 1, 1, clock)).hasMessageContaining("capacity");
    assertThatThrownBy(() -> new TokenBucket(Long.MAX_VALUE, 7, 10, clock))
        .hasMessageContaining("too large");
  }

  /** Never full after the first moment, so that nothing that came in is lost. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  @Timeout(120)
  void givesOutExactlyWhatCameInWhileTimePasses(long seed) throws Exception {
    long capacity = 1_000;
    TokenBucket bucket = new TokenBucket(capacity, 3, 7, clock);
    LongAdder taken = new LongAdder();
    AtomicBoolean over = new AtomicBoolean();
    long nanos = 0;
    try (Threads threads = new Threads()) {
      for (int i = 0; i < 3; i++) {
        Random random = new Random(seed * 10 + i);
        threads.launch(() -> takeAndBringBack(bucket, random, taken, over));
      }
      Random random = new Random(seed);
      for (int i = 0; i < 2_000; i++) {
        while (bucket.available() > capacity / 2) {
          Thread.onSpinWait();
        }
        long step = random.nextLong(100);
        clock.advance(step);
        nanos += step;
      }
      over.set(true);
      threads.join();
    }
    // A token is 7 units, and a nanosecond brings 3.
    long units = 7 * capacity + 3 * nanos - 7 * taken.sum();
    assertThat(bucket.available()).isEqualTo(Math.floorDiv(units, 7));
  }

  private static void takeAndBringBack(
      TokenBucket bucket, Random random, LongAdder taken, AtomicBoolean over) {
    while (!over.get()) {
      long tokens = 1 + random.nextLong(5);
      boolean given =
          random.nextBoolean() ? bucket.tryTake(tokens) : bucket.reserve(tokens, 50) >= 0;
      if (given) {
        taken.add(tokens);
      }
      if (given && random.nextInt(4) == 0) {
        bucket.giveBack(1);
        taken.decrement();
      }
    }
  }

  /** Against sums in unbounded whole numbers: nothing is rounded, ever. */
  @Property(tries = 300)
  void agreesWithExactArithmetic(
      @ForAll @IntRange(min = 1, max = 1_000_000) int capacity,
      @ForAll @LongRange(min = 1, max = 2_000_000_000) long tokensPerPeriod,
      @ForAll @LongRange(min = 1, max = 60_000_000_000L) long periodNanos,
      @ForAll long seed) {
    Random random = new Random(seed);
    VirtualClock ownClock = new VirtualClock(random.nextLong(Long.MAX_VALUE / 2));
    TokenBucket bucket = new TokenBucket(capacity, tokensPerPeriod, periodNanos, ownClock);
    BigInteger full = BigInteger.valueOf(capacity).multiply(BigInteger.valueOf(periodNanos));
    BigInteger units = full; // a token is periodNanos of them
    for (int i = 0; i < 200; i++) {
      long elapsed = random.nextLong(2 * Math.max(1, periodNanos / tokensPerPeriod) + 10);
      ownClock.advance(elapsed);
      units =
          units
              .add(BigInteger.valueOf(elapsed).multiply(BigInteger.valueOf(tokensPerPeriod)))
              .min(full);
      long wanted = 1 + random.nextLong(Math.min(capacity, 20));
      BigInteger cost = BigInteger.valueOf(wanted).multiply(BigInteger.valueOf(periodNanos));
      boolean there = units.compareTo(cost) >= 0;
      assertThat(bucket.tryTake(wanted)).isEqualTo(there);
      units = there ? units.subtract(cost) : units;
    }
  }
}

package io.parley.bench.concurrent;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.parley.concurrent.limit.CircuitBreaker;
import io.parley.concurrent.limit.ConcurrencyLimit;
import io.parley.concurrent.limit.Quota;
import io.parley.concurrent.limit.SlidingWindow;
import io.parley.concurrent.limit.TokenBucket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** Decisions a second of limiters that always say yes, by one thread and by two that share one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LimiterBenchmark {
  private static final int PLENTY = 1_000_000_000;
  private static final long SECOND = 1_000_000_000L;

  @Param({
    "rate.parleyTokenBucket",
    "rate.parleySlidingWindow",
    "rate.bucket4j",
    "rate.guava",
    "rate.resilience4j",
    "inFlight.parley",
    "inFlight.semaphore",
    "inFlight.resilience4j",
    "breaker.parley",
    "breaker.resilience4j",
    "quota.parley",
    "quota.bucket4j"
  })
  String limiter = "";

  private BooleanSupplier decision = () -> false;

  @Setup
  public void choose() {
    decision = decision(limiter);
    if (!decision.getAsBoolean()) {
      throw new IllegalStateException(limiter + " says no");
    }
  }

  private static BooleanSupplier decision(String name) {
    return switch (name) {
      case "rate.parleyTokenBucket" -> {
        TokenBucket bucket = new TokenBucket(PLENTY, PLENTY, SECOND, System::nanoTime);
        yield () -> bucket.tryTake(1);
      }
      case "rate.parleySlidingWindow" -> {
        // So short that it always has room: the ring is used as it is under load.
        SlidingWindow window = new SlidingWindow(1_000, 1, System::nanoTime);
        yield () -> window.reserve(SECOND) >= 0;
      }
      case "rate.bucket4j" -> {
        Bucket bucket =
            Bucket.builder()
                .addLimit(
                    limit -> limit.capacity(PLENTY).refillGreedy(PLENTY, Duration.ofSeconds(1)))
                .build();
        yield () -> bucket.tryConsume(1);
      }
      case "rate.guava" -> {
        RateLimiter rate = RateLimiter.create(PLENTY);
        yield rate::tryAcquire;
      }
      case "rate.resilience4j" -> {
        var rate =
            io.github.resilience4j.ratelimiter.RateLimiter.of(
                "peer",
                RateLimiterConfig.custom()
                    .limitForPeriod(PLENTY)
                    .limitRefreshPeriod(Duration.ofSeconds(1))
                    .timeoutDuration(Duration.ZERO)
                    .build());
        yield rate::acquirePermission;
      }
      case "inFlight.parley" -> {
        ConcurrencyLimit limit = ConcurrencyLimit.fixed(100);
        yield () -> {
          try (ConcurrencyLimit.Permit permit = limit.tryAcquire()) {
            return permit != null;
          }
        };
      }
      case "inFlight.semaphore" -> {
        Semaphore semaphore = new Semaphore(100, true);
        yield () -> {
          boolean acquired = semaphore.tryAcquire();
          semaphore.release();
          return acquired;
        };
      }
      case "inFlight.resilience4j" -> {
        Bulkhead bulkhead =
            Bulkhead.of(
                "peer",
                BulkheadConfig.custom()
                    .maxConcurrentCalls(100)
                    .maxWaitDuration(Duration.ZERO)
                    .build());
        yield () -> {
          boolean acquired = bulkhead.tryAcquirePermission();
          bulkhead.onComplete();
          return acquired;
        };
      }
      case "breaker.parley" -> {
        CircuitBreaker breaker =
            new CircuitBreaker(CircuitBreaker.Settings.USUAL, System::nanoTime);
        yield () -> {
          long ticket = breaker.tryEnter();
          breaker.succeeded(ticket);
          return ticket != CircuitBreaker.REFUSED;
        };
      }
      case "breaker.resilience4j" -> {
        var breaker =
            io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "peer", CircuitBreakerConfig.custom().slidingWindowSize(100).build());
        yield () -> {
          boolean entered = breaker.tryAcquirePermission();
          breaker.onSuccess(1, TimeUnit.NANOSECONDS);
          return entered;
        };
      }
      case "quota.parley" -> {
        Quota quota = new Quota(PLENTY, PLENTY, SECOND, SECOND, System::nanoTime);
        yield () -> quota.reserve(100).orElseThrow().settle(40);
      }
      case "quota.bucket4j" -> {
        Bucket bucket =
            Bucket.builder()
                .addLimit(
                    limit -> limit.capacity(PLENTY).refillGreedy(PLENTY, Duration.ofSeconds(1)))
                .build();
        yield () -> {
          boolean reserved = bucket.tryConsume(100);
          bucket.addTokens(60);
          return reserved;
        };
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Benchmark
  @Threads(1)
  public boolean oneThread() {
    return decision.getAsBoolean();
  }

  @Benchmark
  @Threads(2)
  public boolean twoThreads() {
    return decision.getAsBoolean();
  }
}

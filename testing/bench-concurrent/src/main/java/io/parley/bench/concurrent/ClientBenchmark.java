package io.parley.bench.concurrent;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.parley.concurrent.client.ApiClient;
import io.parley.concurrent.client.ApiRequest;
import io.parley.concurrent.client.ApiResponse;
import io.parley.concurrent.client.Pause;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the controls cost around a call that costs nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ClientBenchmark {
  private static final int PLENTY = 1_000_000_000;
  private final ApiRequest request = ApiRequest.get(URI.create("http://localhost/"));
  private final ApiResponse response = new ApiResponse(200, Map.of(), new byte[0]);

  private final ApiClient ours =
      new ApiClient(
          (call, timeout) -> response,
          ApiClient.Settings.USUAL.withLimits(100, 1_000_000),
          // A minute of this clock is 60 ms, so that the rate is never what is waited for.
          () -> System.nanoTime() * 1_000,
          Pause.REAL,
          bound -> 0);

  private final Supplier<ApiResponse> resilience4j = resilience4j();
  private final FailsafeExecutor<ApiResponse> failsafe = failsafe();

  private Supplier<ApiResponse> resilience4j() {
    RateLimiterConfig rate =
        RateLimiterConfig.custom()
            .limitForPeriod(PLENTY)
            .limitRefreshPeriod(Duration.ofSeconds(1))
            .build();
    Supplier<ApiResponse> call =
        CircuitBreaker.decorateSupplier(CircuitBreaker.ofDefaults("b"), () -> response);
    call = RateLimiter.decorateSupplier(RateLimiter.of("r", rate), call);
    call = Bulkhead.decorateSupplier(Bulkhead.ofDefaults("h"), call);
    return Retry.decorateSupplier(Retry.ofDefaults("t"), call);
  }

  private static FailsafeExecutor<ApiResponse> failsafe() {
    return Failsafe.with(
        dev.failsafe.RetryPolicy.<ApiResponse>ofDefaults(),
        dev.failsafe.Bulkhead.<ApiResponse>of(100),
        dev.failsafe.RateLimiter.<ApiResponse>burstyBuilder(PLENTY, Duration.ofSeconds(1)).build(),
        dev.failsafe.CircuitBreaker.<ApiResponse>ofDefaults());
  }

  @Benchmark
  public ApiResponse parley() throws IOException, InterruptedException {
    return ours.send(request, 60_000_000_000L);
  }

  @Benchmark
  public ApiResponse resilience4jDecorators() {
    return resilience4j.get();
  }

  @Benchmark
  public ApiResponse failsafePolicies() {
    return failsafe.get(() -> response);
  }
}

package io.parley.concurrent.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import io.parley.concurrent.limit.CircuitBreaker;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads with one client, whose server does whatever servers do. */
class ApiClientSoakTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final int MAX_IN_FLIGHT = 3;
  private static final int MAX_PER_MINUTE = 200;
  private static final int CALLERS = 6;
  private static final URI API = URI.create("http://api.test/v1");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  @Timeout(120)
  void soakShort(long seed) throws Exception {
    soak(seed, 200);
  }

  @Test
  @Tag("soak")
  @Timeout(3_600)
  void soak() throws Exception {
    for (long seed = 100; seed < 200; seed++) {
      soak(seed, 1_000);
    }
  }

  /** Neither limit is passed, no retry is without budget, and no place is lost. */
  private static void soak(long seed, int callsEach) throws Exception {
    VirtualClock clock = new VirtualClock();
    long begin = clock.getAsLong();
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Transport transport =
        (request, timeoutNanos) -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          try {
            return answer(clock, request);
          } finally {
            inFlight.decrementAndGet();
          }
        };
    Pause pause =
        (closed, nanos) -> {
          clock.advance(nanos);
          return closed.getCount() == 0;
        };
    ApiClient client = new ApiClient(transport, settings(), clock, pause, bound -> bound);
    try (client;
        Threads threads = new Threads()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        Random random = new Random(seed * CALLERS + caller);
        threads.launch(() -> call(client, random, callsEach));
      }
      threads.join();
    }
    ApiClient.Metrics metrics = client.metrics();
    long calls = (long) CALLERS * callsEach;
    assertThat(most.get()).isLessThanOrEqualTo(MAX_IN_FLIGHT);
    assertThat(metrics.inFlight()).isZero();
    assertThat(metrics.calls()).isEqualTo(calls);
    assertThat(metrics.answers() + metrics.failures()).isEqualTo(calls);
    assertThat(metrics.retries()).isLessThanOrEqualTo(10 + calls / 10);
    assertThat(metrics.attempts())
        .isLessThanOrEqualTo(MAX_PER_MINUTE * ((clock.getAsLong() - begin) / MINUTE + 1));
  }

  private static ApiClient.Settings settings() {
    return new ApiClient.Settings(
        MAX_IN_FLIGHT,
        MAX_PER_MINUTE,
        3,
        30 * SECOND,
        SECOND / 4,
        8 * SECOND,
        MINUTE,
        0.1,
        10,
        CircuitBreaker.Settings.USUAL);
  }

  private static void call(ApiClient client, Random random, int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      ApiRequest request = ApiRequest.post(API, new byte[] {(byte) random.nextInt(7)});
      try {
        client.send(request, 1 + random.nextLong(2 * MINUTE));
      } catch (ApiException | IllegalStateException e) {
        // The client counts them.
      }
    }
  }

  /** The body says what happens. */
  private static ApiResponse answer(VirtualClock clock, ApiRequest request) throws IOException {
    LockSupport.parkNanos(1);
    clock.advance(SECOND / 10);
    return switch (request.body()[0]) {
      case 0 -> throw new IOException("reset");
      case 1 -> throw new IllegalStateException("bug of the transport");
      case 2 -> throw new NotSentException(new IOException("connect"));
      case 3 -> new ApiResponse(500, Map.of(), new byte[0]);
      default -> new ApiResponse(200, Map.of(), new byte[0]);
    };
  }
}

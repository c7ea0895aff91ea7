package io.parley.concurrent.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.concurrent.Threads;
import io.parley.concurrent.VirtualClock;
import io.parley.concurrent.client.ApiException.Reason;
import io.parley.concurrent.limit.CircuitBreaker;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In virtual time, unless threads have to meet. */
@Timeout(120)
class ApiClientTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final URI API = URI.create("http://api.test/v1");
  private static final byte[] BODY = {1};

  private final VirtualClock clock = new VirtualClock();
  private final List<Long> sentAt = new ArrayList<>();
  private final List<Long> jitterBounds = new ArrayList<>();
  private final Pause pause =
      (closed, nanos) -> {
        clock.advance(nanos);
        return closed.getCount() == 0;
      };

  /** What the other side does with the n-th attempt, from 1 on. */
  private interface Server {
    ApiResponse answer(int attempt, long timeoutNanos) throws IOException;
  }

  private ApiClient client(ApiClient.Settings settings, Server server) {
    Transport transport =
        (request, timeoutNanos) -> {
          sentAt.add(clock.getAsLong());
          return server.answer(sentAt.size(), timeoutNanos);
        };
    return new ApiClient(
        transport,
        settings,
        clock,
        pause,
        bound -> {
          jitterBounds.add(bound);
          return bound;
        });
  }

  private ApiClient client(Server server) {
    return client(ApiClient.Settings.USUAL, server);
  }

  private static ApiResponse status(int status) {
    return new ApiResponse(status, Map.of(), new byte[0]);
  }

  private static ApiResponse status(int status, String header, String value) {
    return new ApiResponse(status, Map.of(header, List.of(value)), new byte[0]);
  }

  @Test
  void anAnswerIsReturnedAsItIs() throws Exception {
    ApiClient client = client((attempt, timeout) -> status(404, "X-Why", "gone"));
    ApiResponse response = client.send(ApiRequest.get(API), MINUTE);
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.header("x-why")).contains("gone");
    assertThat(client.metrics())
        .isEqualTo(new ApiClient.Metrics(1, 1, 0, 0, 1, 0, 0, CircuitBreaker.State.CLOSED));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 529})
  void retriesWhatMayPass(int code) throws Exception {
    ApiClient client = client((attempt, timeout) -> status(attempt < 3 ? code : 200));
    assertThat(client.send(ApiRequest.get(API), MINUTE).status()).isEqualTo(200);
    assertThat(client.metrics().retries()).isEqualTo(2);
    assertThat(jitterBounds).containsExactly(SECOND / 4, SECOND / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 409, 422, 501})
  void doesNotRetryWhatWillNotPass(int code) throws Exception {
    ApiClient client = client((attempt, timeout) -> status(code));
    assertThat(client.send(ApiRequest.get(API), MINUTE).status()).isEqualTo(code);
    assertThat(sentAt).hasSize(1);
  }

  @Test
  void theLastAnswerIsReturnedWhenAttemptsAreUsedUp() throws Exception {
    ApiClient client = client((attempt, timeout) -> status(503, "n", "" + attempt));
    assertThat(client.send(ApiRequest.get(API), MINUTE).header("n")).contains("3");
  }

  @Test
  void aPostThatMayHaveArrivedIsSentOnce() throws Exception {
    ApiClient client =
        client(
            (attempt, timeout) -> {
              throw new IOException("reset");
            });
    assertThatThrownBy(() -> client.send(ApiRequest.post(API, BODY), MINUTE))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRANSPORT))
        .hasRootCauseMessage("reset");
    assertThat(sentAt).hasSize(1);
  }

  @Test
  void aPostWithAKeyIsRepeated() throws Exception {
    ApiClient client =
        client(
            (attempt, timeout) -> {
              if (attempt == 1) {
                throw new IOException("reset");
              }
              return status(200);
            });
    ApiRequest request = ApiRequest.post(API, BODY).withIdempotencyKey("k");
    assertThat(client.send(request, MINUTE).status()).isEqualTo(200);
    assertThat(sentAt).hasSize(2);
  }

  @Test
  void aPostOfWhichNothingWasSentIsRepeated() throws Exception {
    ApiClient client =
        client(
            (attempt, timeout) -> {
              if (attempt == 1) {
                throw new NotSentException(new IOException("refused"));
              }
              return status(200);
            });
    assertThat(client.send(ApiRequest.post(API, BODY), MINUTE).status()).isEqualTo(200);
  }

  @Test
  void atMostSoManyBeginInAnyMinute() throws Exception {
    ApiClient client =
        client(
            ApiClient.Settings.USUAL.withLimits(100, 1_000),
            (attempt, timeout) -> {
              clock.advanceMs(7);
              return status(attempt % 50 == 0 ? 500 : 200);
            });
    for (int call = 0; call < 3_500; call++) {
      client.send(ApiRequest.get(API), 10 * MINUTE);
    }
    assertThat(sentAt).hasSizeGreaterThan(3_500);
    for (int i = 1_000; i < sentAt.size(); i++) {
      assertThat(sentAt.get(i) - sentAt.get(i - 1_000)).isGreaterThanOrEqualTo(MINUTE);
    }
  }

  @Test
  void aRateThatWouldOutlastTheBudgetIsRefusedAtOnce() throws Exception {
    ApiClient client =
        client(ApiClient.Settings.USUAL.withLimits(1, 1), (attempt, timeout) -> status(200));
    client.send(ApiRequest.get(API), SECOND);
    long before = clock.getAsLong();
    assertThatThrownBy(() -> client.send(ApiRequest.get(API), 59 * SECOND))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RATE));
    assertThat(clock.getAsLong()).isEqualTo(before);
    assertThat(client.send(ApiRequest.get(API), 61 * SECOND).status()).isEqualTo(200);
  }

  @Test
  void atMostSoManyAreInFlight() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(3);
    ApiClient client =
        new ApiClient(
            (request, timeout) -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              both.countDown();
              both.await();
              inside.decrementAndGet();
              return status(200);
            },
            ApiClient.Settings.USUAL.withLimits(3, 1_000),
            System::nanoTime,
            Pause.REAL,
            bound -> 0);
    try (Threads threads = new Threads()) {
      for (int i = 0; i < 12; i++) {
        threads.launch(() -> client.send(ApiRequest.get(API), MINUTE));
      }
      threads.join();
    }
    assertThat(most.get()).isEqualTo(3);
    assertThat(client.metrics().inFlight()).isZero();
    assertThat(client.metrics().answers()).isEqualTo(12);
  }

  @Test
  void whoGetsNoPlaceInTimeIsRefused() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    ApiClient client =
        new ApiClient(
            (request, timeout) -> {
              inside.countDown();
              release.await();
              return status(200);
            },
            ApiClient.Settings.USUAL.withLimits(1, 1_000),
            System::nanoTime,
            Pause.REAL,
            bound -> 0);
    try (Threads threads = new Threads()) {
      threads.launch(() -> client.send(ApiRequest.get(API), MINUTE));
      inside.await();
      assertThatThrownBy(() -> client.send(ApiRequest.get(API), 1_000_000))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_IN_FLIGHT));
      release.countDown();
      threads.join();
    }
  }

  @Test
  void anAttemptGetsWhatIsLeftOfTheBudget() throws Exception {
    List<Long> timeouts = new ArrayList<>();
    ApiClient client =
        client(
            (attempt, timeout) -> {
              timeouts.add(timeout);
              clock.advance(timeout);
              throw new IOException("timed out");
            });
    assertThatThrownBy(() -> client.send(ApiRequest.get(API), 40 * SECOND))
        .isInstanceOf(ApiException.class);
    assertThat(timeouts).containsExactly(30 * SECOND, 40 * SECOND - 30 * SECOND - SECOND / 4);
  }

  @Test
  void noPauseIsBegunThatWouldOutlastTheBudget() throws Exception {
    ApiClient client = client((attempt, timeout) -> status(503, "Retry-After", "20"));
    long before = clock.getAsLong();
    assertThat(client.send(ApiRequest.get(API), 10 * SECOND).status()).isEqualTo(503);
    assertThat(clock.getAsLong()).isEqualTo(before);
    assertThat(sentAt).hasSize(1);
  }

  @Test
  void retryAfterIsObeyedByAllCalls() throws Exception {
    ApiClient client =
        client((attempt, timeout) -> attempt == 1 ? status(429, "Retry-After", "20") : status(200));
    client.send(ApiRequest.post(API, BODY), MINUTE);
    assertThatThrownBy(() -> client.send(ApiRequest.get(API), 5 * SECOND))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ASKED_TO_WAIT));
    client.send(ApiRequest.get(API), MINUTE);
    assertThat(sentAt.get(1) - sentAt.get(0)).isEqualTo(20 * SECOND);
  }

  @Test
  void aRetryWaitsForRetryAfterAndItsJitter() throws Exception {
    ApiClient client =
        client(
            (attempt, timeout) ->
                attempt == 1 ? status(429, "retry-after-ms", "1500") : status(200));
    client.send(ApiRequest.get(API), MINUTE);
    assertThat(sentAt.get(1) - sentAt.get(0)).isEqualTo(SECOND * 3 / 2 + SECOND / 4);
  }

  @Test
  void aServerThatAsksForAYearIsBelievedForAMinute() throws Exception {
    ApiClient client =
        client(
            (attempt, timeout) ->
                attempt == 1 ? status(503, "Retry-After", "31536000") : status(200));
    assertThat(client.send(ApiRequest.get(API), 5 * MINUTE).status()).isEqualTo(200);
    assertThat(sentAt.get(1) - sentAt.get(0)).isEqualTo(60 * SECOND + SECOND / 4);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3000",
    "0.5, 500",
    "-4, 0",
    "'Sun, 06 Nov 1994 08:49:47 GMT', 10000",
    "'Sun, 06 Nov 1994 08:49:07 GMT', 0"
  })
  void readsRetryAfterInEveryForm(String value, long expectedMs) {
    Map<String, List<String>> headers =
        Map.of("Retry-After", List.of(value), "Date", List.of("Sun, 06 Nov 1994 08:49:37 GMT"));
    assertThat(RetryAfter.nanos(new ApiResponse(503, headers, new byte[0])))
        .hasValue(expectedMs * 1_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "NaN", "Sun, 06 Nov 1994 08:49:37 GMT"})
  void whatSaysNothingCountsAsNothing(String value) {
    assertThat(RetryAfter.nanos(status(503, "retry-after", value))).isEmpty();
  }

  @Test
  void anOutageMakesNoStorm() throws Exception {
    CircuitBreaker.Settings neverOpens = new CircuitBreaker.Settings(1_000_000, 1_000_000, 1, 1, 1);
    ApiClient.Settings settings =
        new ApiClient.Settings(100, 200_000, 5, SECOND, 1, 1, 0, 0.1, 10, neverOpens);
    ApiClient client = client(settings, (attempt, timeout) -> status(503));
    for (int call = 0; call < 10_000; call++) {
      client.send(ApiRequest.get(API), MINUTE);
    }
    assertThat(sentAt.size()).isBetween(11_000, 11_010);
    assertThat(client.metrics().retriesRefused()).isPositive();
  }

  @Test
  void theBreakerStopsCallsAndTriesLater() throws Exception {
    AtomicInteger healthy = new AtomicInteger();
    ApiClient client = client((attempt, timeout) -> status(healthy.get() == 0 ? 500 : 200));
    assertThatThrownBy(
            () -> {
              for (int call = 0; call < 100; call++) {
                client.send(ApiRequest.post(API, BODY), MINUTE);
              }
            })
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CIRCUIT_OPEN));
    assertThat(sentAt).hasSize(20);
    healthy.set(1);
    clock.advance(10 * SECOND);
    for (int call = 0; call < 5; call++) {
      assertThat(client.send(ApiRequest.get(API), MINUTE).status()).isEqualTo(200);
    }
    assertThat(client.metrics().breaker()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  @Test
  void whateverHappensNothingLeaks() throws Exception {
    Random random = new Random(5);
    ApiClient client =
        client(
            (attempt, timeout) -> {
              clock.advanceMs(random.nextInt(2_000));
              return switch (random.nextInt(6)) {
                case 0 -> throw new IOException("reset");
                case 1 -> throw new IllegalStateException("bug of the transport");
                case 2 -> status(429, "Retry-After", "" + random.nextInt(3));
                case 3 -> status(500);
                default -> status(200);
              };
            });
    int failures = 0;
    for (int call = 0; call < 2_000; call++) {
      try {
        client.send(ApiRequest.get(API), 1 + random.nextLong(MINUTE));
      } catch (ApiException | IllegalStateException e) {
        failures++;
      }
      assertThat(client.metrics().inFlight()).isZero();
    }
    ApiClient.Metrics metrics = client.metrics();
    assertThat(metrics.failures()).isEqualTo(failures);
    assertThat(metrics.calls()).isEqualTo(2_000);
    assertThat(metrics.answers() + metrics.failures()).isEqualTo(2_000);
    assertThat(metrics.retries()).isLessThanOrEqualTo(10 + 200);
  }

  @Test
  void closingEndsPausesAndRefusesCalls() throws Exception {
    ApiClient client = client((attempt, timeout) -> status(200));
    client.close();
    assertThatThrownBy(() -> client.send(ApiRequest.get(API), MINUTE))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    assertThat(sentAt).isEmpty();

    ApiClient pausing =
        new ApiClient(
            (request, timeout) -> status(503),
            ApiClient.Settings.USUAL,
            System::nanoTime,
            Pause.REAL,
            bound -> bound * 100);
    try (Threads threads = new Threads()) {
      AtomicInteger ended = new AtomicInteger();
      Thread caller =
          threads.startWaiting(
              () -> {
                try {
                  pausing.send(ApiRequest.get(API), 60 * MINUTE);
                } catch (ApiException e) {
                  ended.addAndGet(e.reason() == Reason.CLOSED ? 1 : 0);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      pausing.close();
      caller.join();
      assertThat(ended.get()).isOne();
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> client((a, t) -> status(200)).send(ApiRequest.get(API), 0))
        .hasMessageContaining("budgetNanos");
    assertThatThrownBy(
            () -> new ApiClient.Settings(1, 1, 0, 1, 1, 1, 1, 0, 0, CircuitBreaker.Settings.USUAL))
        .hasMessageContaining("maxAttempts");
    assertThatThrownBy(
            () -> new ApiClient.Settings(1, 1, 1, 1, 2, 1, 1, 0, 0, CircuitBreaker.Settings.USUAL))
        .hasMessageContaining("maxBackoffNanos");
  }
}

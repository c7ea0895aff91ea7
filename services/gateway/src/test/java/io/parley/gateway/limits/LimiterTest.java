package io.parley.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Hold;
import io.parley.ports.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimiterTest extends LimitsFixture {
  private static final Conclusion.Outcome ANSWERED = new Conclusion.Outcome.Answered("end_turn");

  private static final int MANY = 1_000;

  @Test
  void aThousandThatRaceTakeTheRequestsThatThereAre() throws Exception {
    tier(NONE, everyModel(of(37), NONE, NONE, NONE));
    assertThat(race(10, 10)).hasSize(37);
  }

  @Test
  void aThousandThatRaceTakeTheTokensThatThereAre() throws Exception {
    tier(NONE, everyModel(NONE, of(1_000), of(50_000), NONE));
    assertThat(race(10, 10)).hasSize(100);
    time.advance(Duration.ofMinutes(1));
    assertThat(race(1, 1_000)).hasSize(50);
  }

  @Test
  void aThousandThatRaceTakeThePlacesThatThereAreAndGiveEachBackOnce() throws Exception {
    tier(NONE, everyModel(NONE, NONE, NONE, of(8)));
    List<Hold> holds = race(10, 10);
    assertThat(holds).hasSize(8);
    together(
        MANY,
        i -> {
          holds.get(i % holds.size()).release();
          holds.get(i % holds.size()).settle(new Usage(1, 1), ANSWERED);
          return 0;
        });
    assertThat(race(10, 10)).hasSize(8);
  }

  @Test
  void aThousandThatRaceSpendTheBudgetThatThereIs() throws Exception {
    prices = (request, usage) -> 10L * usage.inputTokens() + 50L * usage.outputTokens();
    tier(of(1_000_000));
    List<Hold> holds = race(100, 180);
    assertThat(holds).as("10,000 each").hasSize(100);
    assertThat(refusal(100, 180).code()).as("held, not spent").isEqualTo(ErrorCode.RATE_LIMIT);
    together(holds.size(), i -> settle(holds.get(i), 100, 180));
    ParleyException usedUp = refusal(100, 180);
    assertThat(usedUp.code()).isEqualTo(ErrorCode.BILLING);
    assertThat(usedUp)
        .hasMessage(
            "Of your organization's monthly budget of 1, 0 is left until 2026-02-01, and this"
                + " request may cost 0.01");
  }

  @Test
  void whatWasNotUsedCanBeUsedByOthers() {
    tier(NONE, everyModel(of(10), of(1_000), of(1_000), NONE));
    enter(600, 600).settle(new Usage(100, 50, 0, 500), ANSWERED);
    assertThat(headers).containsEntry("anthropic-ratelimit-input-tokens-remaining", "400");
    enter(1, 1).release();
    enter(1, 1);
    assertThat(headers)
        .containsEntry("anthropic-ratelimit-requests-remaining", "8")
        .containsEntry("anthropic-ratelimit-input-tokens-remaining", "899")
        .containsEntry("anthropic-ratelimit-output-tokens-remaining", "949");
  }

  @Test
  void aPromptIsMadeExactWhenTheModelBeginsAndWhatTheCacheHadDoesNotCount() {
    tier(NONE, everyModel(NONE, of(1_000), of(4_000), NONE));
    Hold hold = enter(900, 10_000);
    assertThat(headers)
        .as("the context has room for so much")
        .containsEntry("anthropic-ratelimit-output-tokens-remaining", "2852");
    hold.started(new Usage(40, 0, 60, 700));
    enter(0, 1);
    assertThat(headers)
        .containsEntry("anthropic-ratelimit-input-tokens-remaining", "900")
        .containsEntry("anthropic-ratelimit-output-tokens-remaining", "2751");
  }

  @Test
  void headersAgreeWithWhatIsEnforced() {
    tier(NONE, everyModel(of(60), of(6_000), of(600), of(9)));
    enter(1_000, 300);
    assertThat(headers)
        .containsEntry("anthropic-ratelimit-requests-limit", "60")
        .containsEntry("anthropic-ratelimit-requests-remaining", "59")
        .containsEntry("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:01Z")
        .containsEntry("anthropic-ratelimit-input-tokens-limit", "6000")
        .containsEntry("anthropic-ratelimit-input-tokens-remaining", "5000")
        .containsEntry("anthropic-ratelimit-input-tokens-reset", "2026-01-01T00:00:10Z")
        .containsEntry("anthropic-ratelimit-output-tokens-remaining", "300")
        .containsEntry("anthropic-ratelimit-output-tokens-reset", "2026-01-01T00:00:30Z")
        .as("of input and output, the one with less")
        .containsEntry("anthropic-ratelimit-tokens-limit", "600")
        .containsEntry("anthropic-ratelimit-tokens-remaining", "300");
    enter(1_000, 300);
    assertThat(refusal(1, 1).getMessage())
        .isEqualTo(
            "This request would exceed your organization's limit of 600 output tokens per minute"
                + " for parley-test; try again in 100 ms");
    assertThat(headers).containsEntry("anthropic-ratelimit-output-tokens-remaining", "0");
  }

  @Test
  void whoWaitsAsLongAsToldGetsThroughAndNobodyEarlier() {
    tier(NONE, everyModel(of(7), of(333), of(97), NONE));
    for (int i = 0; i < 50; i++) {
      int size = 1 + 37 * i % 120;
      Optional<ParleyException> refusal = tryEnter(size, 3);
      if (refusal.isPresent()) {
        time.advance(Duration.ofMillis(refusal.get().retryAfterMs() - 1));
        assertThat(tryEnter(size, 3)).isPresent();
        time.advance(Duration.ofMillis(1));
        assertThat(tryEnter(size, 3)).isEmpty();
      }
    }
  }

  @Test
  void aRequestBeyondAMinutesWorthRunsAloneAndItsDebtIsWaitedFor() {
    tier(NONE, everyModel(NONE, of(100), NONE, NONE));
    enter(1_000, 1).settle(new Usage(1_000, 1), ANSWERED);
    assertThat(refusal(1, 1).retryAfterMs()).isEqualTo(540_600);
    time.advance(Duration.ofMillis(540_600));
    enter(1, 1);
  }

  @Test
  void whoHasNoLimitsIsNotCountedAtAll() {
    assertThat(enter(1_000_000, 1_000_000)).isSameAs(Hold.NONE);
    assertThat(headers).isEmpty();
  }

  @Test
  void aStoreThatForgotLearnsWhatWasSpentFromWhatIsWrittenDown() {
    prices = (request, usage) -> usage.outputTokens();
    tier(of(1_000));
    enter(0, 600).settle(new Usage(0, 600), ANSWERED);
    List<String> asked = new ArrayList<>();
    spend =
        (organisation, month) -> {
          asked.add(organisation + " " + month);
          return 600;
        };
    limiter = limiter();
    assertThat(refusal(0, 401).code()).isEqualTo(ErrorCode.BILLING);
    enter(0, 400).settle(new Usage(0, 400), ANSWERED);
    assertThat(refusal(0, 1).code()).isEqualTo(ErrorCode.BILLING);
    assertThat(asked).containsExactly(principal.organisationId() + " " + YearMonth.of(2026, 1));
  }

  @Test
  void anAnswerThatFailedCostsNothing() {
    tier(of(1_000));
    prices = (request, usage) -> usage.outputTokens();
    Conclusion.Outcome failed = new Conclusion.Outcome.Failed(ErrorCode.API);
    enter(0, 600).settle(new Usage(0, 600), failed);
    enter(0, 1_000);
  }

  @Test
  void aNewMonthHasItsOwnBudgetAndARequestBelongsToTheMonthInWhichItCame() {
    prices = (request, usage) -> usage.outputTokens();
    tier(of(1_000));
    time.advance(Duration.between(time.now(), Instant.parse("2026-01-31T23:59:59Z")));
    Hold old = enter(0, 1_000);
    assertThat(refusal(0, 1_000).code()).isEqualTo(ErrorCode.RATE_LIMIT);
    time.advance(Duration.ofSeconds(1));
    Hold young = enter(0, 1_000);
    old.settle(new Usage(0, 1_000), ANSWERED);
    young.settle(new Usage(0, 1), ANSWERED);
    enter(0, 999);
  }

  @Test
  void whatTheBudgetRefusesTakesNoTokens() {
    prices = (request, usage) -> usage.outputTokens();
    tier(of(10), everyModel(of(1), NONE, NONE, NONE));
    assertThat(refusal(0, 11).code()).isEqualTo(ErrorCode.BILLING);
    enter(0, 10);
    assertThat(refusal(0, 10).code()).isEqualTo(ErrorCode.RATE_LIMIT);
  }

  private List<Hold> race(int input, int output) throws Exception {
    List<Optional<Hold>> all =
        together(
            MANY,
            i -> {
              try {
                return Optional.of(enter(input, output));
              } catch (ParleyException e) {
                assertThat(e.code()).isIn(ErrorCode.RATE_LIMIT, ErrorCode.BILLING);
                return Optional.<Hold>empty();
              }
            });
    return all.stream().flatMap(Optional::stream).toList();
  }

  @FunctionalInterface
  private interface Racer<T> {
    T run(int i);
  }

  private static <T> List<T> together(int count, Racer<T> racer) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    AtomicInteger next = new AtomicInteger();
    List<Future<T>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<T> task =
          () -> {
            start.await();
            return racer.run(next.getAndIncrement());
          };
      for (int i = 0; i < count; i++) {
        results.add(threads.submit(task));
      }
      start.countDown();
      List<T> all = new ArrayList<>();
      for (Future<T> result : results) {
        all.add(result.get());
      }
      return all;
    }
  }

  private static int settle(Hold hold, int input, int output) {
    hold.settle(new Usage(input, output), ANSWERED);
    hold.settle(new Usage(input, output), ANSWERED);
    return 0;
  }

  private Optional<ParleyException> tryEnter(int input, int output) {
    try {
      enter(input, output);
      return Optional.empty();
    } catch (ParleyException e) {
      return Optional.of(e);
    }
  }

  private ParleyException refusal(int input, int output) {
    return Objects.requireNonNull(
        catchThrowableOfType(ParleyException.class, () -> enter(input, output)));
  }
}

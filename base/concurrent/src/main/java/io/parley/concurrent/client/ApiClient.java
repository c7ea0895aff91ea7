package io.parley.concurrent.client;

import io.parley.concurrent.client.ApiException.Reason;
import io.parley.concurrent.limit.CircuitBreaker;
import io.parley.concurrent.limit.ConcurrencyLimit;
import io.parley.concurrent.limit.RetryBudget;
import io.parley.concurrent.limit.SlidingWindow;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls one API, with one account, so that neither side is harmed when something goes wrong.
 *
 * <p>The way of an attempt: a place among those in flight → the time at which the server wants to
 * be called again → a permit of the rate → the circuit breaker → the transport. Between attempts a
 * call holds nothing.
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>At most {@code maxInFlight} attempts are under way, and at most {@code maxPerMinute} begin
 *       in any 60 seconds: two controls, and retries count in both.
 *   <li>A call ends within its budget: no wait is begun that would outlast it, and an attempt gets
 *       what is left of it at most. (The transport may add the time in which it notices.)
 *   <li>A request that may have arrived is sent again only if it {@link ApiRequest#isSafeToRepeat}.
 *   <li>{@code retries ≤ reserve + share × calls}, whatever fails ({@link RetryBudget}).
 *   <li>While the server has asked to be left alone, no attempt of any call begins.
 *   <li>Every place, and every ticket of the breaker, is given back once, on every path.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Retry storms</em>: invariant 4. <em>Retries in step</em>: clients that
 * failed together come back together, unless the pause is drawn from the whole range from nothing
 * to the bound ("full jitter"). <em>Work for nobody</em>: an attempt whose caller has gone; hence
 * budgets and not only time-outs of attempts. <em>Doing it twice</em>: invariant 3. <em>Trust in
 * {@code Retry-After}</em>: a server that says a year is believed for {@code maxRetryAfterNanos}.
 *
 * <p>Status codes 408, 425, 429, 500, 502, 503, 504 and 529 are tried again; 5xx and failures of
 * the transport count against the breaker, 429 counts for neither. When attempts are used up, the
 * last answer is returned as it is, or the last failure thrown. Thread-safe; {@code send} blocks.
 *
 * <p>Source: exponential backoff with full jitter, M. Brooker, "Exponential backoff and jitter"
 * (AWS, 2015); deadlines and retry budgets as in gRPC and "Site Reliability Engineering" (2016),
 * ch. 21–22.
 */
public final class ApiClient implements AutoCloseable {
  private static final Set<Integer> RETRIABLE = Set.of(408, 425, 429, 500, 502, 503, 504, 529);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final long SECOND = 1_000_000_000L;

  /**
   * What a client may do.
   *
   * @param maxInFlight attempts under way at once, at least 1
   * @param maxPerMinute attempts that begin in any 60 seconds, at least 1
   * @param maxAttempts of one call, at least 1
   * @param attemptTimeoutNanos the longest that one attempt may take, above 0
   * @param backoffNanos the bound of the first pause, which doubles with each further one; above 0
   * @param maxBackoffNanos where it stops doubling
   * @param maxRetryAfterNanos the longest that a server is left alone because it asked for it
   * @param retryShare retries for each call in the long run, from 0 to 1
   * @param retryReserve retries beyond that share
   * @param breaker when to stop calling
   */
  public record Settings(
      int maxInFlight,
      int maxPerMinute,
      int maxAttempts,
      long attemptTimeoutNanos,
      long backoffNanos,
      long maxBackoffNanos,
      long maxRetryAfterNanos,
      double retryShare,
      int retryReserve,
      CircuitBreaker.Settings breaker) {
    /** 100 in flight, 1,000 a minute, three attempts of 30 s, one retry for ten calls. */
    public static final Settings USUAL =
        new Settings(
            100,
            1_000,
            3,
            30 * SECOND,
            SECOND / 4,
            10 * SECOND,
            60 * SECOND,
            0.1,
            10,
            CircuitBreaker.Settings.USUAL);

    public Settings {
      if (maxAttempts < 1 || attemptTimeoutNanos < 1 || maxRetryAfterNanos < 0) {
        throw new IllegalArgumentException(
            "maxAttempts and attemptTimeoutNanos must be at least 1, maxRetryAfterNanos at least 0;"
                + " were %d, %d, %d"
                    .formatted(maxAttempts, attemptTimeoutNanos, maxRetryAfterNanos));
      }
      if (backoffNanos < 1 || maxBackoffNanos < backoffNanos) {
        throw new IllegalArgumentException(
            "1 ≤ backoffNanos ≤ maxBackoffNanos must hold; were %d and %d"
                .formatted(backoffNanos, maxBackoffNanos));
      }
    }

    /** The same with other limits. */
    public Settings withLimits(int newMaxInFlight, int newMaxPerMinute) {
      return new Settings(
          newMaxInFlight,
          newMaxPerMinute,
          maxAttempts,
          attemptTimeoutNanos,
          backoffNanos,
          maxBackoffNanos,
          maxRetryAfterNanos,
          retryShare,
          retryReserve,
          breaker);
    }
  }

  /**
   * What has happened since the client was made.
   *
   * @param calls that were begun
   * @param attempts that reached the transport
   * @param retries attempts after the first of their call
   * @param retriesRefused retries that would have been safe and useful, and had no budget
   * @param answers calls that got an answer, of whatever status
   * @param failures calls that got none
   * @param inFlight attempts under way now
   * @param breaker as it is now
   */
  public record Metrics(
      long calls,
      long attempts,
      long retries,
      long retriesRefused,
      long answers,
      long failures,
      int inFlight,
      CircuitBreaker.State breaker) {}

  /** How an attempt ended that reached the transport. */
  private sealed interface Outcome {
    record Answered(ApiResponse response) implements Outcome {}

    record Failed(IOException failure) implements Outcome {}
  }

  private final Transport transport;
  private final Settings settings;
  private final LongSupplier nanoClock;
  private final Pause pause;
  private final LongUnaryOperator jitter;
  private final ConcurrencyLimit inFlight;
  private final SlidingWindow rate;
  private final RetryBudget retryBudget;
  private final CircuitBreaker breaker;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long originNanos;
  private final AtomicLong notBefore = new AtomicLong(); // nanoseconds after the origin

  private final LongAdder calls = new LongAdder();
  private final LongAdder attempts = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder retriesRefused = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /**
   * A client.
   *
   * @param transport makes each attempt
   * @param settings what it may do
   * @param nanoClock nanoseconds that never go back
   * @param pause how to wait; {@link Pause#REAL} outside of tests
   * @param jitter for a bound, a number from 0 to it, both included, each as likely as the other
   */
  public ApiClient(
      Transport transport,
      Settings settings,
      LongSupplier nanoClock,
      Pause pause,
      LongUnaryOperator jitter) {
    this.transport = transport;
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.pause = pause;
    this.jitter = jitter;
    this.inFlight = ConcurrencyLimit.fixed(settings.maxInFlight);
    this.rate = new SlidingWindow(settings.maxPerMinute, 60 * SECOND, nanoClock);
    this.retryBudget = new RetryBudget(settings.retryShare, settings.retryReserve);
    this.breaker = new CircuitBreaker(settings.breaker, nanoClock);
    this.originNanos = nanoClock.getAsLong();
  }

  /**
   * Makes a call, with retries.
   *
   * @param budgetNanos how long it may take in all, above 0
   * @return the answer, of whatever status
   * @throws ApiException if there is none; its reason says why
   * @throws InterruptedException if the thread is interrupted; the call may have arrived
   */
  public ApiResponse send(ApiRequest request, long budgetNanos)
      throws ApiException, InterruptedException {
    if (budgetNanos < 1) {
      throw new IllegalArgumentException("budgetNanos must be at least 1, was " + budgetNanos);
    }
    calls.increment();
    retryBudget.firstAttempt();
    boolean answered = false;
    try {
      ApiResponse response = sendUntil(now() + Math.min(budgetNanos, Long.MAX_VALUE / 2), request);
      answered = true;
      return response;
    } finally {
      (answered ? answers : failures).increment();
    }
  }

  private ApiResponse sendUntil(long deadline, ApiRequest request)
      throws ApiException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Outcome outcome = attempt(request, deadline);
      OptionalLong wait = waitBeforeNext(request, outcome, attempt);
      if (wait.isEmpty() || wait.getAsLong() >= deadline - now() || !takeRetry()) {
        return result(request, outcome);
      }
      await(wait.getAsLong());
      retries.increment();
    }
  }

  private static ApiResponse result(ApiRequest request, Outcome outcome) throws ApiException {
    return switch (outcome) {
      case Outcome.Answered(ApiResponse response) -> response;
      case Outcome.Failed(IOException failure) ->
          throw new ApiException(
              Reason.TRANSPORT, "%s failed: %s".formatted(request, failure.getMessage()), failure);
    };
  }

  // ---- One attempt ------------------------------------------------------------------------------

  private Outcome attempt(ApiRequest request, long deadline)
      throws ApiException, InterruptedException {
    ConcurrencyLimit.Permit place = inFlight.acquire(deadline - now());
    if (place == null) {
      throw refused(Reason.TOO_MANY_IN_FLIGHT, request);
    }
    try (place) {
      awaitTurn(request, deadline);
      return throughBreaker(request, deadline);
    }
  }

  // If the server asks for a pause while this call waits for its permit, the permit is lost: used
  // later than it was given for, it would let more than the limit through in some window.
  private void awaitTurn(ApiRequest request, long deadline)
      throws ApiException, InterruptedException {
    do {
      awaitServer(request, deadline);
      awaitRate(request, deadline);
    } while (notBefore.get() > now());
  }

  // Others may be told to wait longer meanwhile, so it looks again.
  private void awaitServer(ApiRequest request, long deadline)
      throws ApiException, InterruptedException {
    for (long wait = notBefore.get() - now(); wait > 0; wait = notBefore.get() - now()) {
      if (wait >= deadline - now()) {
        throw refused(Reason.ASKED_TO_WAIT, request);
      }
      await(wait);
    }
  }

  private void awaitRate(ApiRequest request, long deadline)
      throws ApiException, InterruptedException {
    long wait = rate.reserve(deadline - now() - 1);
    if (wait == SlidingWindow.REFUSED) {
      throw refused(Reason.RATE, request);
    }
    await(wait);
  }

  private Outcome throughBreaker(ApiRequest request, long deadline)
      throws ApiException, InterruptedException {
    long timeoutNanos = Math.min(settings.attemptTimeoutNanos, deadline - now());
    if (timeoutNanos <= 0) {
      throw refused(Reason.DEADLINE, request);
    }
    long ticket = breaker.tryEnter();
    if (ticket == CircuitBreaker.REFUSED) {
      throw refused(Reason.CIRCUIT_OPEN, request);
    }
    Outcome outcome = null;
    try {
      attempts.increment();
      outcome = transmit(request, timeoutNanos);
      return outcome;
    } finally {
      tellBreaker(ticket, outcome);
    }
  }

  private Outcome transmit(ApiRequest request, long timeoutNanos) throws InterruptedException {
    try {
      ApiResponse response = transport.send(request, timeoutNanos);
      obeyRetryAfter(response);
      return new Outcome.Answered(response);
    } catch (IOException e) {
      return new Outcome.Failed(e);
    }
  }

  private void tellBreaker(long ticket, @Nullable Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed failed -> breaker.failed(ticket);
      case Outcome.Answered(ApiResponse response) when response.status() >= 500 ->
          breaker.failed(ticket);
      case Outcome.Answered(ApiResponse response) when response.status() != TOO_MANY_REQUESTS ->
          breaker.succeeded(ticket);
      case null, default -> breaker.nothingLearnt(ticket);
    }
  }

  private void obeyRetryAfter(ApiResponse response) {
    if (response.status() < 400) {
      return;
    }
    RetryAfter.nanos(response)
        .ifPresent(
            nanos -> {
              long until = now() + Math.min(nanos, settings.maxRetryAfterNanos);
              notBefore.accumulateAndGet(until, Math::max);
            });
  }

  // ---- Between attempts -------------------------------------------------------------------------

  /** How long to wait for another attempt, or nothing if there must be none. */
  private OptionalLong waitBeforeNext(ApiRequest request, Outcome outcome, int attempt) {
    boolean worthIt =
        switch (outcome) {
          case Outcome.Answered(ApiResponse response) -> RETRIABLE.contains(response.status());
          case Outcome.Failed failed -> true;
        };
    boolean nothingWasSent =
        outcome instanceof Outcome.Failed(IOException failure)
            && failure instanceof NotSentException;
    boolean safe = request.isSafeToRepeat() || nothingWasSent;
    if (!worthIt || !safe || attempt >= settings.maxAttempts) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, notBefore.get() - now()) + backoff(attempt));
  }

  private long backoff(int attempt) {
    int doublings = Math.min(attempt - 1, Long.numberOfLeadingZeros(settings.backoffNanos) - 1);
    return jitter.applyAsLong(
        Math.min(settings.maxBackoffNanos, settings.backoffNanos << doublings));
  }

  private boolean takeRetry() {
    boolean taken = retryBudget.tryRetry();
    if (!taken) {
      retriesRefused.increment();
    }
    return taken;
  }

  private void await(long nanos) throws ApiException, InterruptedException {
    boolean over = nanos <= 0 ? closed.getCount() == 0 : pause.await(closed, nanos);
    if (over) {
      throw new ApiException(Reason.CLOSED, "the client is closed", null);
    }
  }

  private long now() {
    return nanoClock.getAsLong() - originNanos;
  }

  private static ApiException refused(Reason reason, ApiRequest request) {
    String why =
        switch (reason) {
          case TOO_MANY_IN_FLIGHT -> "too many calls are in flight";
          case RATE -> "the calls of this minute are used up";
          case ASKED_TO_WAIT -> "the server asked to be called later";
          case DEADLINE -> "the budget is over";
          case CIRCUIT_OPEN -> "too many calls failed lately";
          case TRANSPORT, CLOSED -> throw new IllegalArgumentException(reason.name());
        };
    return new ApiException(reason, "%s was not sent: %s".formatted(request, why), null);
  }

  /** What has happened so far; the numbers are read one after the other. */
  public Metrics metrics() {
    return new Metrics(
        calls.sum(),
        attempts.sum(),
        retries.sum(),
        retriesRefused.sum(),
        answers.sum(),
        failures.sum(),
        inFlight.inFlight(),
        breaker.state());
  }

  /** Ends all pauses, and lets no attempt begin any more; those under way go on. */
  @Override
  public void close() {
    closed.countDown();
  }
}

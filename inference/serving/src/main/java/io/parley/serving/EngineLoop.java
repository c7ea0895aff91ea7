package io.parley.serving;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineGauges;
import io.parley.engine.EngineLimits;
import io.parley.engine.SequenceRequest;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns an engine: takes commands, makes a step, tells the listeners, again and
 * again; parked while there is nothing to do.
 *
 * <p>Whatever goes wrong in a step, an {@link io.parley.engine.InvariantBreach} above all, ends the
 * sequences that the engine holds with an API error; the loop makes a fresh engine and goes on.
 *
 * <p>The public methods may be called from any thread.
 */
public final class EngineLoop {
  /** How long {@link #close} waits for a step that is under way, after its own limit. */
  public static final Duration LAST_STEP_LIMIT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);
  private static final String SHUTTING_DOWN = "the server is shutting down";

  /**
   * Streams on their way to the engine when its queue is full: it decides who has to leave the
   * queue, so some must be able to come to it.
   */
  private static final int HAND_OVER_PLACES = 64;

  private static final String FAULT = "the model had a fault";

  /** When a close began, and how long it lets streams go on. */
  private record Closing(long sinceNanos, long limitNanos) {}

  private final EngineLimits limits;
  private final Supplier<Engine> engines;
  private final TimeSource time;
  private final Intake intake;
  private final TimeLimits timeLimits = new TimeLimits();
  private final Thread thread;
  private final AtomicLong lastId = new AtomicLong();
  private volatile Closing closing = new Closing(0, Long.MAX_VALUE);
  private volatile EngineGauges gauges;

  // Only the loop's own thread touches these.
  private final Map<Long, Stream> streams = new LinkedHashMap<>();
  private Engine engine;
  private EngineGauges earlier =
      EngineGauges.NOTHING_YET; // the counts of engines that were given up
  private int placesHeld; // places of the intake whose streams went to the engine to wait

  private EngineLoop(
      EngineLimits limits, Supplier<Engine> engines, TimeSource time, ThreadFactory threads) {
    this.limits = limits;
    this.engines = engines;
    this.time = time;
    this.intake = new Intake(limits.maxWaiting() + HAND_OVER_PLACES);
    this.engine = engines.get();
    this.gauges = engine.gauges();
    this.thread = threads.newThread(this::run);
  }

  /**
   * Starts a loop.
   *
   * @param limits those of the engines; as many streams may wait as {@code maxWaiting} says
   * @param engines makes an engine without sequences, now and after each fault
   * @param threads gives the loop its thread, a platform thread
   */
  public static EngineLoop start(
      EngineLimits limits, Supplier<Engine> engines, TimeSource time, ThreadFactory threads) {
    EngineLoop loop = new EngineLoop(limits, engines, time, threads);
    loop.thread.start();
    return loop;
  }

  /**
   * Starts a generation from a prompt without a cache marker; see {@link #submit(String,
   * SequenceRequest, int, GenerationListener)}.
   */
  public Generation submit(String requestId, SequenceRequest request, GenerationListener listener) {
    return submit(requestId, request, 0, listener);
  }

  /**
   * Starts a generation. Events may come before this method returns.
   *
   * @param requestId for the log
   * @param markedTokens tokens of the prompt, from its beginning, whose use of the prefix cache is
   *     told to the listener; 0 for none. Only whole blocks are cached, so only they count.
   * @throws ParleyException INVALID_REQUEST if it can never run, OVERLOADED if too many are on
   *     their way to the engine or the loop is closed; the listener is never called then. Whom the
   *     engine itself refuses, it tells by a Failed event with OVERLOADED
   */
  public Generation submit(
      String requestId, SequenceRequest request, int markedTokens, GenerationListener listener) {
    limits.requireRoomFor(request);
    int markedBlocks = markedTokens / limits.blockTokens();
    Stream stream =
        new Stream(
            lastId.incrementAndGet(),
            requestId,
            request,
            markedBlocks * limits.blockTokens(),
            listener,
            intake);
    intake.submit(stream);
    return stream;
  }

  /**
   * A time limit that lets any sound answer through, in nanoseconds from submission: thrice what
   * the tokens take at the pace that the engine had lately, and ten minutes for the wait.
   */
  public long timeLimitNanos(int promptTokens, int maxTokens) {
    long tokens = Math.min(limits.contextTokens(), (long) promptTokens + maxTokens);
    return timeLimits.limitNanos((int) tokens);
  }

  /** What is going on, as of the last step. */
  public EngineGauges gauges() {
    return gauges.withWaiting(intake.placesTaken());
  }

  /** Whether it takes streams. */
  public boolean isOpen() {
    return !intake.isClosed();
  }

  /**
   * Refuses new streams, lets those that are there go on for at most {@code limit}, then fails what
   * is left with OVERLOADED, and returns when the thread has ended. If called again, the last limit
   * counts. From the loop's own thread it returns at once.
   */
  public void close(Duration limit) {
    beginClose(limit);
    awaitEnd();
  }

  void beginClose(Duration limit) {
    closing = new Closing(time.nanoTime(), TimeUnit.NANOSECONDS.convert(limit));
    intake.close();
  }

  void awaitEnd() {
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      Duration limit = Duration.ofNanos(closing.limitNanos());
      if (!thread.join(limit.plus(LAST_STEP_LIMIT))) {
        log.error("{} is stuck in a step and was left behind", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (turn()) {}
      apply(engine.failAll(ErrorCode.OVERLOADED, SHUTTING_DOWN));
    } catch (Throwable t) {
      log.error("{} ends: it has no engine any more", thread.getName(), t);
    } finally {
      intake.close();
      abandon();
      intake.take().forEach(EngineLoop::refuse);
    }
  }

  private static void refuse(Intake.Command command) {
    if (command instanceof Intake.Command.Submit(Stream stream)) {
      stream.fail(ErrorCode.OVERLOADED, SHUTTING_DOWN);
    }
  }

  /** Takes commands and makes a step; false when it is time to end. */
  private boolean turn() {
    if (engine.isIdle()) {
      awaitCommand();
    }
    intake.take().forEach(this::apply);
    if (intake.isClosed() && (engine.isIdle() || closingLimitPassed())) {
      return false;
    }
    try {
      apply(engine.step());
    } catch (Throwable t) {
      restart(t);
    }
    return true;
  }

  private void awaitCommand() {
    try {
      intake.await();
    } catch (InterruptedException e) {
      log.warn("{} was interrupted: it closes", thread.getName());
      beginClose(Duration.ZERO);
    }
  }

  private boolean closingLimitPassed() {
    Closing now = closing;
    return time.nanoTime() - now.sinceNanos() >= now.limitNanos();
  }

  private void apply(Intake.Command command) {
    switch (command) {
      case Intake.Command.Submit(Stream stream) -> admit(stream);
      case Intake.Command.Cancel(Stream stream) -> engine.cancel(stream.id());
    }
  }

  private void admit(Stream stream) {
    placesHeld++;
    try {
      engine.submit(stream.id(), stream.request());
      streams.put(stream.id(), stream);
    } catch (ParleyException e) {
      stream.fail(e.code(), Objects.requireNonNullElse(e.getMessage(), FAULT), e.retryAfterMs());
    } catch (Throwable t) {
      log.error("{} could not take a stream", thread.getName(), t);
      stream.fail(ErrorCode.API, FAULT);
    }
  }

  /** Whoever hears of an end finds the gauges and the places as they are after it. */
  private void apply(List<EngineEvent> events) {
    settle();
    logFaults(events);
    for (EngineEvent event : events) {
      Stream stream = streams.get(event.sequenceId());
      if (event instanceof EngineEvent.Ended ended) {
        timeLimits.observe(ended);
        streams.remove(event.sequenceId());
      }
      if (stream != null) {
        stream.on(event);
      }
    }
  }

  private void settle() {
    EngineGauges now = engine.gauges();
    gauges = now.after(earlier);
    intake.giveBack(placesHeld - now.waiting());
    placesHeld = now.waiting();
  }

  /** One fault can end many sequences: it is logged once. */
  private static void logFaults(List<EngineEvent> events) {
    events.stream()
        .filter(EngineEvent.Failed.class::isInstance)
        .map(event -> ((EngineEvent.Failed) event).cause())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(cause -> log.error("a step failed", cause));
  }

  private void restart(Throwable fault) {
    log.error("{} makes a fresh engine: {} streams fail", thread.getName(), streams.size(), fault);
    earlier = gauges;
    engine = engines.get();
    settle();
    abandon();
  }

  /** Fails every stream that the engine had. */
  private void abandon() {
    List<Stream> left = List.copyOf(streams.values());
    streams.clear();
    left.forEach(stream -> stream.fail(ErrorCode.API, FAULT));
  }
}

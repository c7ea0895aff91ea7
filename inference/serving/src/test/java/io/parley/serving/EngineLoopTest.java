package io.parley.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineLimits;
import io.parley.engine.InvariantBreach;
import io.parley.engine.ModelRunner;
import io.parley.engine.PriorityClass;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulingTerms;
import io.parley.engine.SequenceRequest;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.ports.model.Generation;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationEvent.Cancelled;
import io.parley.ports.model.GenerationEvent.Completed;
import io.parley.ports.model.GenerationEvent.Ended;
import io.parley.ports.model.GenerationEvent.Failed;
import io.parley.ports.model.GenerationEvent.Started;
import io.parley.ports.model.GenerationEvent.Text;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineLoopTest {
  /** 8 blocks of 8 tokens, 2 sequences run, 3 wait. */
  private static final EngineLimits LIMITS = new EngineLimits(32, 8, 8, 16, 2, 3);

  private static final SequenceRequest FROM_W = request("w", 30);

  private final VirtualTime time = new VirtualTime();
  private final List<EngineLoop> loops = new ArrayList<>();

  /** One permit a step, for runners that are to wait for the test. */
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void closeLoops() {
    permits.release(1_000_000);
    loops.forEach(loop -> loop.close(Duration.ZERO));
  }

  @Test
  void tellsStartThenTextThenTheEnd() throws Exception {
    Heard heard = new Heard();
    start(new NextLetterRunner()).submit("r", FROM_W, heard);
    heard.awaitEnd();
    assertThat(heard.events())
        .containsExactly(
            new Started(1),
            new Text("x", 1),
            new Text("y", 2),
            new Text("z", 3),
            new Completed(StopReason.END_TURN, null, new Usage(1, 4)));
  }

  @Test
  void translatesEveryReason() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    assertThat(end(loop, request("a", 3)))
        .isEqualTo(new Completed(StopReason.MAX_TOKENS, null, new Usage(1, 3)));
    assertThat(end(loop, request("a", 9, "de")))
        .isEqualTo(new Completed(StopReason.STOP_SEQUENCE, "de", new Usage(1, 4)));
    assertThat(end(loop, request("a".repeat(30), 9)))
        .isEqualTo(new Completed(StopReason.CONTEXT_WINDOW_EXCEEDED, null, new Usage(30, 2)));
  }

  @Test
  void aCancelledGenerationFreesItsBlocksWithinOneStep() throws Exception {
    EngineLoop loop = start(stepByStep());
    Heard heard = new Heard();
    Generation generation = loop.submit("r", request("a", 20), heard);
    permits.release();
    heard.awaitFirstText();
    assertThat(loop.gauges().blocksInUse()).isEqualTo(3);
    generation.cancel();
    permits.release(); // for the step that may have begun before
    Ended end = heard.awaitEnd();
    assertThat(end).isInstanceOf(Cancelled.class);
    assertThat(end.usage().outputTokens()).isBetween(1, 2);
    assertThat(loop.gauges().blocksInUse()).isZero();
    assertThat(loop.gauges().running()).isZero();
  }

  @Test
  void aGenerationStartsWhenItRuns() throws Exception {
    EngineLoop loop = start(stepByStep());
    Heard first = submit(loop, request("a", 20));
    permits.release();
    first.awaitFirstText();
    Heard second = submit(loop, request("a", 20));
    permits.release(2); // one for a step that may have been planned without it
    second.awaitFirstText();
    Heard third = submit(loop, FROM_W);
    permits.release(2);
    assertThat(third.events()).as("two run, for many steps yet").isEmpty();
    permits.release(1000);
    third.awaitEnd();
    assertThat(third.events().getFirst()).isInstanceOf(Started.class);
    assertThat(first.awaitEnd()).isInstanceOf(Completed.class);
  }

  @Test
  void cancelAfterTheEndOrTwiceDoesNothing() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    Heard heard = new Heard();
    Generation generation = loop.submit("r", FROM_W, heard);
    heard.awaitEnd();
    generation.cancel();
    generation.cancel();
    end(loop, FROM_W);
    assertThat(heard.events()).filteredOn(Ended.class::isInstance).hasSize(1);
  }

  @Test
  void aFullIntakeIsOverloadedAndOpensAgain() throws Exception {
    EngineLoop loop = start(stepByStep());
    List<Heard> heard = new ArrayList<>();
    // Two run as soon as the first step begins; before that all five would have to wait.
    for (int i = 0; i < 2; i++) {
      heard.add(submit(loop, FROM_W));
    }
    permits.release();
    heard.get(0).awaitFirstText();
    permits.release();
    heard.get(1).awaitFirstText();
    for (int i = 0; i < 3; i++) {
      heard.add(submit(loop, FROM_W));
    }
    assertThat(loop.gauges().waiting()).isEqualTo(3);
    Heard refused = submit(loop, FROM_W);
    permits.release(1000);
    Failed refusal = (Failed) refused.awaitEnd();
    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(refusal.retryAfterMs()).isPositive();
    assertThat(refused.events()).as("it never started").hasSize(1);
    for (Heard each : heard) {
      assertThat(each.awaitEnd()).isInstanceOf(Completed.class);
    }
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
    assertThat(loop.gauges().waiting()).isZero();
  }

  @Test
  void whatIsOverItsTimeLimitFailsAndItsTextStands() throws Exception {
    EngineLoop loop =
        start(
            () ->
                new Engine(
                    new Scheduler(LIMITS, new Alphabet()),
                    plan -> {
                      time.advance(Duration.ofMillis(500));
                      return new NextLetterRunner().run(plan);
                    },
                    time));
    SchedulingTerms terms =
        new SchedulingTerms("o", 1, 1, PriorityClass.INTERACTIVE, 1_200_000_000);
    Heard heard =
        submit(
            loop,
            new SequenceRequest(new int[] {0}, 20, SamplingParameters.GREEDY, List.of(), terms));
    assertThat(heard.awaitEnd())
        .isEqualTo(
            new Failed(
                ErrorCode.TIMEOUT,
                "the time limit of 1.2 s passed after 3 of at most 20 tokens",
                new Usage(1, 3)));
    assertThat(heard.text()).isEqualTo("bcd");
  }

  @Test
  void whatCanNeverFitIsRefusedOnTheCallersThread() {
    EngineLoop loop = start(new NextLetterRunner());
    assertThatThrownBy(() -> loop.submit("r", request("a".repeat(32), 1), new Heard()))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    assertThat(loop.gauges().waiting()).isZero();
  }

  @Test
  void aPromptWithUnknownTokensFailsAndGivesItsPlaceBack() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    SequenceRequest unknown =
        new SequenceRequest(new int[] {1000}, 1, SamplingParameters.GREEDY, List.of());
    for (int i = 0; i < 10; i++) {
      Heard heard = submit(loop, unknown);
      assertThat(((Failed) heard.awaitEnd()).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(heard.events()).hasSize(1);
    }
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
  }

  @Test
  void aListenerThatThrowsLosesItsStreamAndHarmsNoOther() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    CompletableFuture<Ended> broken = new CompletableFuture<>();
    loop.submit(
        "broken",
        request("a", 25),
        event -> {
          if (event instanceof Ended ended) {
            broken.complete(ended);
          }
          throw new IllegalStateException("scripted");
        });
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
    assertThat(broken.get()).isInstanceOf(Cancelled.class);
    assertThat(loop.gauges().blocksInUse()).isZero();
  }

  @Test
  void aListenerMayCancelAndSubmit() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    Heard second = new Heard();
    Heard first = new Heard();
    AtomicReference<Generation> generation = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    generation.set(
        loop.submit(
            "r",
            request("a", 25),
            event -> {
              first.on(event);
              if (event instanceof Text && known.getCount() == 0) {
                generation.get().cancel();
              } else if (event instanceof Ended) {
                loop.submit("s", FROM_W, second);
              }
            }));
    known.countDown();
    first.awaitEnd();
    assertThat(second.awaitEnd()).isInstanceOf(Completed.class);
  }

  @Test
  void aRunnerThatThrowsFailsItsSequencesAndTheLoopGoesOn() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    NextLetterRunner sound = new NextLetterRunner();
    EngineLoop loop =
        start(
            plan -> {
              if (steps.incrementAndGet() == 2) {
                throw new IllegalStateException("scripted");
              }
              return sound.run(plan);
            });
    Heard heard = submit(loop, FROM_W);
    assertThat(((Failed) heard.awaitEnd()).code()).isEqualTo(ErrorCode.API);
    assertThat(heard.text()).isEqualTo("x");
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
  }

  @Test
  void aBreachOfInvariantsFailsTheSequencesAndMakesAFreshEngine() throws Exception {
    AtomicInteger engines = new AtomicInteger();
    AtomicInteger steps = new AtomicInteger();
    NextLetterRunner sound = new NextLetterRunner();
    EngineLoop loop =
        start(
            () -> {
              engines.incrementAndGet();
              return engine(
                  plan -> {
                    if (steps.incrementAndGet() == 2) {
                      throw new OutOfMemoryError("scripted");
                    }
                    return sound.run(plan);
                  });
            });
    Heard heard = submit(loop, FROM_W);
    assertThat(heard.awaitEnd())
        .isEqualTo(new Failed(ErrorCode.API, "the model had a fault", new Usage(1, 1)));
    assertThat(loop.gauges().blocksInUse()).isZero();
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
    assertThat(engines).hasValue(2);
    assertThat(loop.gauges().steps()).as("goes on counting").isEqualTo(1 + 4);
  }

  @Test
  void aFaultWhileAStreamIsTakenInFailsThatStreamOnly() throws Exception {
    AtomicInteger faults = new AtomicInteger();
    Alphabet alphabet =
        new Alphabet() {
          @Override
          public int size() {
            if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              throw new IllegalStateException("scripted");
            }
            return super.size();
          }
        };
    EngineLoop loop =
        start(
            () ->
                new Engine(
                    new Scheduler(LIMITS, alphabet), new NextLetterRunner(), TimeSource.system()));
    faults.set(1);
    assertThat(((Failed) end(loop, FROM_W)).code()).isEqualTo(ErrorCode.API);
    assertThat(end(loop, FROM_W)).isInstanceOf(Completed.class);
    assertThat(loop.gauges().waiting()).isZero();
  }

  @Test
  void ifNoFreshEngineCanBeMadeEveryStreamStillEnds() throws Exception {
    AtomicInteger engines = new AtomicInteger();
    EngineLoop loop =
        start(
            () -> {
              if (engines.incrementAndGet() > 1) {
                throw new InvariantBreach("scripted");
              }
              return engine(
                  plan -> {
                    permits.acquireUninterruptibly();
                    throw new InvariantBreachError();
                  });
            });
    List<Heard> heard = List.of(submit(loop, FROM_W), submit(loop, FROM_W), submit(loop, FROM_W));
    permits.release();
    for (Heard each : heard) {
      assertThat(each.awaitEnd()).isInstanceOf(Failed.class);
    }
    loop.close(Duration.ZERO);
    assertThat(loop.isOpen()).isFalse();
  }

  private static final class InvariantBreachError extends Error {}

  @Test
  void closeLetsStreamsEndWithinTheLimit() throws Exception {
    EngineLoop loop = start(stepByStep());
    Heard heard = submit(loop, FROM_W);
    permits.release();
    heard.awaitFirstText();
    permits.release(100);
    loop.close(Duration.ofSeconds(5));
    assertThat(heard.awaitEnd()).isInstanceOf(Completed.class);
    assertThat(heard.text()).isEqualTo("xyz");
  }

  @Test
  void closeFailsWhatIsLeftWhenTheLimitHasPassed() throws Exception {
    EngineLoop loop = start(stepByStep());
    Heard running = submit(loop, request("a", 20));
    permits.release();
    running.awaitFirstText();
    Heard waiting = submit(loop, request("b", 20));
    loop.beginClose(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(6));
    permits.release();
    loop.awaitEnd();
    for (Heard heard : List.of(running, waiting)) {
      assertThat(((Failed) heard.awaitEnd()).code()).isEqualTo(ErrorCode.OVERLOADED);
    }
    assertThat(loop.gauges().blocksInUse()).isZero();
  }

  @Test
  void aClosedLoopRefuses() {
    EngineLoop loop = start(new NextLetterRunner());
    loop.close(Duration.ZERO);
    loop.close(Duration.ZERO);
    assertThatThrownBy(() -> loop.submit("r", FROM_W, new Heard()))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  @Test
  void manyThreadsSubmitAndCancelAndEachStreamEndsOnce() throws Exception {
    EngineLoop loop = start(new NextLetterRunner());
    List<Heard> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Heard>>> futures = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        boolean cancels = i % 2 == 0;
        futures.add(threads.submit(() -> submitMany(loop, cancels)));
      }
      for (Future<List<Heard>> future : futures) {
        all.addAll(future.get());
      }
    }
    int completed = 0;
    int refused = 0;
    for (Heard heard : all) {
      Ended end = heard.awaitEnd();
      completed += end instanceof Completed ? 1 : 0;
      refused += end instanceof Failed(var code, _, _, _) && code == ErrorCode.OVERLOADED ? 1 : 0;
    }
    assertThat(completed).isPositive();
    assertThat(completed + refused).isGreaterThanOrEqualTo(8 * 50);
    loop.close(Duration.ZERO);
    for (Heard heard : all) {
      boolean ran = heard.events().size() > 1;
      assertThat(heard.events().getFirst() instanceof Started).isEqualTo(ran);
      assertThat(heard.events().getLast()).isInstanceOf(Ended.class);
      assertThat(heard.events()).filteredOn(Ended.class::isInstance).hasSize(1);
    }
    assertThat(loop.gauges().blocksInUse()).isZero();
    assertThat(loop.gauges().waiting()).isZero();
  }

  /** Gets 50 generations through, however often it is refused. */
  private static List<Heard> submitMany(EngineLoop loop, boolean cancels) throws Exception {
    List<Heard> accepted = new ArrayList<>();
    while (accepted.size() < 50) {
      Heard heard = new Heard();
      try {
        Generation generation = loop.submit("r", FROM_W, heard);
        accepted.add(heard);
        if (cancels) {
          generation.cancel();
        }
        heard.awaitEnd();
      } catch (ParleyException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
        LockSupport.parkNanos(50_000);
      }
    }
    return accepted;
  }

  private ModelRunner stepByStep() {
    NextLetterRunner runner = new NextLetterRunner();
    return plan -> {
      permits.acquireUninterruptibly();
      return runner.run(plan);
    };
  }

  private EngineLoop start(ModelRunner runner) {
    return start(() -> engine(runner));
  }

  private EngineLoop start(Supplier<Engine> engines) {
    EngineLoop loop =
        EngineLoop.start(LIMITS, engines, time, Thread.ofPlatform().daemon().factory());
    loops.add(loop);
    return loop;
  }

  private static Engine engine(ModelRunner runner) {
    return new Engine(new Scheduler(LIMITS, new Alphabet()), runner, TimeSource.system());
  }

  private static Heard submit(EngineLoop loop, SequenceRequest request) {
    Heard heard = new Heard();
    loop.submit("r", request, heard);
    return heard;
  }

  private static GenerationEvent end(EngineLoop loop, SequenceRequest request) throws Exception {
    return submit(loop, request).awaitEnd();
  }

  private static SequenceRequest request(String prompt, int maxTokens, String... stops) {
    int[] tokens = prompt.chars().map(c -> c - 'a').toArray();
    return new SequenceRequest(tokens, maxTokens, SamplingParameters.GREEDY, List.of(stops));
  }
}

package io.parley.bench;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineLimits;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SchedulingTerms;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.engine.WaitLimits;
import io.parley.engine.sampling.SamplingParameters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Clients before a model of fixed pace, in virtual time, with the real scheduler between them.
 * Clients come at random, whatever became of those before (an open loop). One who is refused tries
 * again twice, as SDKs do, when he was told to. One who has no first token when his patience is at
 * an end reads no further, and nobody notices, as behind a proxy that holds the connection: his
 * answer is generated for nobody. Deterministic; not thread-safe.
 */
final class OverloadedModel {
  static final int ORGANISATIONS = 50;
  static final int SEQUENCES = 32;
  static final int PROMPT_TOKENS = 64;
  static final int ANSWER_TOKENS = 64;
  static final double PATIENCE_S = 10;

  /**
   * What the server refuses beyond. It is an estimate when the client comes, and others whose
   * organisations have less waiting may still go before, so it leaves room to be wrong.
   */
  static final double MAX_WAIT_S = 5;

  private static final int MAX_WAITING = 1_024;
  private static final int TRIES = 3;
  private static final double WARM_UP_S = 60;
  private static final double MEASURED_S = 120;

  /** A step takes so long, and so much longer for each of its tokens. */
  private static final long STEP_NANOS = 10_000_000;

  private static final long TOKEN_NANOS = 50_000;
  private static final long SECOND = 1_000_000_000;

  private record Client(long id, int tries, long atNanos) {}

  /** What came of the load: requests a second, after the warm-up. */
  record Outcome(double offered, double good, double late, double refused) {}

  private final Scheduler scheduler;
  private final ScriptedWords words = new ScriptedWords(0);
  private final SplittableRandom random = new SplittableRandom(1);
  private final double offeredPerSecond;
  private final PriorityQueue<Client> coming =
      new PriorityQueue<>(Comparator.comparingLong(Client::atNanos));
  private final Map<Long, Client> waiting = new HashMap<>();
  private final Set<Long> reading = new HashSet<>();
  private long now;
  private long nextArrivalNanos;
  private long ids;
  private long offered;
  private long good;
  private long late;
  private long refused;

  /**
   * @param offeredPerSecond new clients a second
   * @param bounded whether the queue is bounded by time; otherwise by its length alone
   */
  OverloadedModel(double offeredPerSecond, boolean bounded) {
    this.offeredPerSecond = offeredPerSecond;
    int tokens = PROMPT_TOKENS + ANSWER_TOKENS;
    int blocks = SEQUENCES * Math.ceilDiv(tokens, EngineLimits.DEFAULT_BLOCK_TOKENS);
    long limit = nanos(MAX_WAIT_S);
    SchedulerOptions options =
        bounded
            ? SchedulerOptions.PLAIN.with(new WaitLimits(limit, limit, Long.MAX_VALUE))
            : SchedulerOptions.PLAIN;
    this.scheduler =
        new Scheduler(
            new EngineLimits(
                tokens, blocks, EngineLimits.DEFAULT_BLOCK_TOKENS, 512, SEQUENCES, MAX_WAITING),
            Words.INSTANCE,
            options);
  }

  /** Plays it from the beginning to the end. */
  Outcome play() {
    nextArrivalNanos = pause();
    while (now < nanos(WARM_UP_S + MEASURED_S)) {
      arrive();
      if (scheduler.isIdle()) {
        now = Math.min(nextArrivalNanos, coming.isEmpty() ? Long.MAX_VALUE : coming.peek().atNanos);
      } else {
        step();
      }
    }
    return new Outcome(
        offered / MEASURED_S, good / MEASURED_S, late / MEASURED_S, refused / MEASURED_S);
  }

  private void arrive() {
    while (nextArrivalNanos <= now) {
      coming.add(new Client(++ids, 1, nextArrivalNanos));
      offered += measured();
      nextArrivalNanos += pause();
    }
    while (!coming.isEmpty() && coming.peek().atNanos <= now) {
      ask(coming.poll());
    }
  }

  private void ask(Client client) {
    try {
      scheduler.submit(client.id, request(client.id), now);
      waiting.put(client.id, new Client(client.id, client.tries, now));
    } catch (ParleyException e) {
      refused(client, e.retryAfterMs());
    }
  }

  private void refused(Client client, long retryAfterMs) {
    if (client.tries == TRIES) {
      refused += measured();
    } else {
      long at = now + Math.max(1, retryAfterMs) * 1_000_000;
      coming.add(new Client(client.id, client.tries + 1, at));
    }
  }

  private static SequenceRequest request(long id) {
    int[] prompt = new int[PROMPT_TOKENS];
    return new SequenceRequest(
        prompt,
        ANSWER_TOKENS,
        SamplingParameters.GREEDY,
        List.of(),
        SchedulingTerms.of("organisation-" + id % ORGANISATIONS));
  }

  private void step() {
    StepPlan plan = scheduler.schedule(now);
    StepResult result = words.run(plan);
    now += STEP_NANOS + TOKEN_NANOS * plan.tokens();
    scheduler.update(plan, result, now).forEach(this::happened);
  }

  private void happened(EngineEvent event) {
    switch (event) {
      case EngineEvent.Text text -> text(text.sequenceId());
      case EngineEvent.Completed done -> good += reading.remove(done.sequenceId()) ? measured() : 0;
      case EngineEvent.Failed failed when failed.code() == ErrorCode.OVERLOADED -> {
        Client client = waiting.remove(failed.sequenceId());
        if (client != null) {
          refused(client, failed.retryAfterMs());
        }
      }
      case EngineEvent.Failed failed -> throw new IllegalStateException(failed.message());
      case EngineEvent.Started started -> {}
      case EngineEvent.Cancelled cancelled -> {}
    }
  }

  private void text(long id) {
    Client client = waiting.remove(id);
    if (client != null && now - client.atNanos <= nanos(PATIENCE_S)) {
      reading.add(id);
    } else if (client != null) {
      late += measured();
    }
  }

  private int measured() {
    return now >= nanos(WARM_UP_S) ? 1 : 0;
  }

  /** Exponential: arrivals are a Poisson process. */
  private long pause() {
    return nanos(-Math.log1p(-random.nextDouble()) / offeredPerSecond);
  }

  private static long nanos(double seconds) {
    return (long) (seconds * SECOND);
  }
}

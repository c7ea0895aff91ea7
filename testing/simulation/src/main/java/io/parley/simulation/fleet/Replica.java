package io.parley.simulation.fleet;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.engine.EngineEvent;
import io.parley.engine.EngineEvent.Cancelled;
import io.parley.engine.EngineEvent.Completed;
import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.EngineEvent.Failed;
import io.parley.engine.EngineGauges;
import io.parley.engine.EngineLimits;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.ScheduledSequence;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.SequenceRequest;
import io.parley.engine.StepPlan;
import io.parley.engine.StepResult;
import io.parley.simulation.device.Roofline;
import io.parley.simulation.device.SimulatedRunner;
import io.parley.simulation.device.SimulatedVocabulary;
import io.parley.simulation.device.Work;
import io.parley.simulation.trace.Arrival;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One device and its scheduler, event by event: arrivals, clients that leave, the ends of steps,
 * faults. Belongs to one thread at a time.
 */
final class Replica {
  private static final long NEVER = Long.MAX_VALUE;

  /** A client goes away; means nothing if the request is no longer here. */
  private record Leave(long atNanos, SimulatedRequest request) {}

  /** Brought to this replica at a time. */
  private record Delivery(long atNanos, SimulatedRequest request) {}

  private final FleetSettings settings;
  private final TenantTerms terms;
  private final EngineLimits limits;
  private final Roofline roofline;
  private final SimulatedRunner runner;
  private final FaultSchedule faults;
  private final Slots slots = new Slots();
  private final Deque<Delivery> inbox = new ArrayDeque<>();
  private final Deque<SimulatedRequest> nextBatch = new ArrayDeque<>(); // static batching alone
  private final PriorityQueue<Leave> leaves =
      new PriorityQueue<>(
          Comparator.comparingLong(Leave::atNanos)
              .thenComparingLong(leave -> leave.request().arrival().number()));
  private final List<SimulatedRequest> retries = new ArrayList<>();

  private Scheduler scheduler;
  private @Nullable StepPlan plan; // of the step under way
  private Work work = new Work(0, 0, 0, 0);
  private long stepStartNanos;
  private long stepEndNanos = NEVER;
  private long restartNanos = NEVER; // not NEVER: it is down

  Replica(FleetSettings settings, TenantTerms terms, FaultSchedule faults) {
    this.settings = settings;
    this.terms = terms;
    this.limits = settings.limits();
    this.roofline =
        new Roofline(
            settings.preset().device(), settings.preset().model(), settings.preset().blockTokens());
    this.runner = new SimulatedRunner(roofline, id -> slots.lengthAtEndOfTurn((int) id));
    this.faults = faults;
    this.scheduler = freshScheduler();
  }

  private Scheduler freshScheduler() {
    PrefixCacheSettings prefixCache =
        settings.policy().prefixCache()
            ? new PrefixCacheSettings(true, settings.seed(), ~settings.seed())
            : PrefixCacheSettings.OFF;
    return new Scheduler(
        limits,
        SimulatedVocabulary.INSTANCE,
        SchedulerOptions.PLAIN.with(prefixCache).with(settings.swap()));
  }

  /** Brings a request; times rise from call to call. */
  void deliver(SimulatedRequest request, long atNanos) {
    inbox.add(new Delivery(atNanos, request));
  }

  /** Whether it answers. */
  boolean isUp() {
    return restartNanos == NEVER;
  }

  /** Requests that are here. */
  int outstanding() {
    return inbox.size() + nextBatch.size() + slots.size();
  }

  EngineGauges gauges() {
    return scheduler.gauges();
  }

  /** Hands over the requests that another replica should try. */
  void takeRetries(List<SimulatedRequest> to) {
    to.addAll(retries);
    retries.clear();
  }

  /** Plays everything that happens before a time. */
  void advance(long untilNanos, Statistics statistics) {
    while (true) {
      long now = nextNanos();
      if (now >= untilNanos) {
        return;
      }
      playOne(now, statistics);
      if (plan == null && isUp()) {
        startStep(now, statistics);
      }
    }
  }

  private long nextNanos() {
    long next = Math.min(stepEndNanos, restartNanos);
    if (!inbox.isEmpty()) {
      next = Math.min(next, inbox.getFirst().atNanos());
    }
    if (!leaves.isEmpty()) {
      next = Math.min(next, leaves.peek().atNanos());
    }
    return isUp() ? Math.min(next, faults.nextFailureNanos()) : next;
  }

  /** Of several things at one time the worst comes first. */
  private void playOne(long now, Statistics statistics) {
    if (isUp() && faults.nextFailureNanos() <= now) {
      fail(now, statistics);
    } else if (restartNanos <= now) {
      restart(now);
    } else if (stepEndNanos <= now) {
      endStep(now, statistics);
    } else if (!inbox.isEmpty() && inbox.getFirst().atNanos() <= now) {
      accept(inbox.removeFirst().request(), now, statistics);
    } else {
      leave(leaves.remove().request(), now, statistics);
    }
  }

  // ---- requests ------------------------------------------------------------------------------

  private void accept(SimulatedRequest request, long now, Statistics statistics) {
    request.attempt();
    if (!isUp()) {
      tryElsewhere(request, Outcome.FAILED, "UNREACHABLE", now, statistics);
      return;
    }
    if (settings.policy().batching() == Batching.STATIC) {
      enqueue(request, now, statistics);
    } else {
      submit(request, now, statistics);
    }
  }

  private void enqueue(SimulatedRequest request, long now, Statistics statistics) {
    if (nextBatch.size() >= limits.maxWaiting()) {
      tryElsewhere(request, Outcome.REFUSED, "OVERLOADED", now, statistics);
    } else {
      nextBatch.add(request);
      watch(request);
    }
  }

  private void submit(SimulatedRequest request, long now, Statistics statistics) {
    int id = slots.take(request);
    try {
      scheduler.submit(id, toSequence(request, now), now);
      watch(request);
    } catch (ParleyException e) {
      slots.free(id);
      if (e.code().retriable()) {
        tryElsewhere(request, Outcome.REFUSED, e.code().name(), now, statistics);
      } else {
        statistics.ended(request, Outcome.REFUSED, e.code().name(), now);
      }
    }
  }

  private SequenceRequest toSequence(SimulatedRequest request, long now) {
    return request.toSequence(terms.of(request.arrival(), now));
  }

  private void watch(SimulatedRequest request) {
    long leaves = request.arrival().leavesAtNanos();
    if (leaves != Arrival.STAYS) {
      this.leaves.add(new Leave(leaves, request));
    }
  }

  private void leave(SimulatedRequest request, long now, Statistics statistics) {
    if (nextBatch.remove(request)) {
      statistics.ended(request, Outcome.CANCELLED, "CANCELLED", now);
      return;
    }
    int id = slots.find(request);
    if (id >= 0) {
      slots.leave(id);
      scheduler.cancel(id);
    }
  }

  /** What nobody has seen a token of can be tried again. */
  private void tryElsewhere(
      SimulatedRequest request, Outcome otherwise, String ending, long now, Statistics statistics) {
    if (!request.hasTokens() && request.attempts() < settings.maxAttempts()) {
      statistics.retries++;
      retries.add(request);
    } else {
      statistics.ended(request, otherwise, ending, now);
    }
  }

  // ---- steps ---------------------------------------------------------------------------------

  /** Goes on until a step is under way or there is nothing to do. */
  private void startStep(long now, Statistics statistics) {
    while (plan == null && !(scheduler.isIdle() && nextBatch.isEmpty())) {
      if (scheduler.isIdle()) {
        submitBatch(now, statistics);
      }
      StepPlan next = scheduler.schedule(now);
      check();
      if (next.isEmpty()) {
        endEmptyStep(next, now, statistics);
      } else {
        work = Work.of(next);
        plan = next;
        stepStartNanos = now;
        stepEndNanos = now + runner.nanosOf(work) + stall(now, statistics);
      }
    }
  }

  /** Nothing to compute, but something may have happened: a refusal, a client that left. */
  private void endEmptyStep(StepPlan empty, long now, Statistics statistics) {
    List<EngineEvent> events = scheduler.update(empty, StepResult.EMPTY, now);
    if (events.isEmpty() && !scheduler.isIdle()) {
      throw new IllegalStateException("there is work, but no step: " + scheduler.gauges());
    }
    take(events, now, statistics);
    check();
  }

  private long stall(long now, Statistics statistics) {
    long nanos = faults.stallNanos(now);
    statistics.stalls += nanos > 0 ? 1 : 0;
    return nanos;
  }

  /** As many requests as can run together from their first token to their last. */
  private void submitBatch(long now, Statistics statistics) {
    long blocks = limits.blocks();
    for (int i = 0; i < limits.maxSequences() && !nextBatch.isEmpty(); i++) {
      SimulatedRequest request = nextBatch.getFirst();
      blocks -= limits.worstCaseBlocks(toSequence(request, now));
      if (blocks < 0) {
        return;
      }
      submit(nextBatch.removeFirst(), now, statistics);
    }
  }

  private void endStep(long now, Statistics statistics) {
    StepPlan done = finishPlan();
    statistics.step(
        stepStartNanos,
        now,
        work.tokens(),
        work.rows(),
        roofline.flops(work),
        roofline.bytes(work));
    List<EngineEvent> events;
    if (faults.failsStep()) {
      events = scheduler.runnerFailed(done, fault(), now);
    } else {
      StepResult result = runner.run(done);
      events = scheduler.update(done, result, now);
      countTokens(done, now, statistics);
    }
    take(events, now, statistics);
    check();
  }

  private StepPlan finishPlan() {
    StepPlan done = plan;
    if (done == null) {
      throw new IllegalStateException("no step is under way");
    }
    plan = null;
    stepEndNanos = NEVER;
    return done;
  }

  private void countTokens(StepPlan done, long now, Statistics statistics) {
    for (ScheduledSequence part : done.sequences()) {
      int id = (int) part.sequenceId();
      if (part.logitsRows() > 0 && !slots.hasLeft(id)) {
        countToken(id, now, statistics);
      }
    }
  }

  private void countToken(int id, long now, Statistics statistics) {
    long gap = slots.token(id, now);
    if (gap < 0) {
      SimulatedRequest request = slots.request(id);
      request.firstToken(now);
      statistics.firstToken(request, now);
    } else {
      statistics.nextToken(slots.isBatch(id), gap, now);
    }
  }

  private void take(List<EngineEvent> events, long now, Statistics statistics) {
    for (EngineEvent event : events) {
      if (event instanceof Ended ended) {
        ended(ended, slots.free((int) ended.sequenceId()), now, statistics);
      }
    }
  }

  private void ended(Ended event, SimulatedRequest request, long now, Statistics statistics) {
    if (event instanceof Completed completed) {
      requireTokens(completed, request);
      statistics.ended(request, Outcome.COMPLETED, completed.reason().name(), now);
    } else if (event instanceof Cancelled) {
      statistics.ended(request, Outcome.CANCELLED, "CANCELLED", now);
    } else if (event instanceof Failed failed) {
      tryElsewhere(request, Outcome.FAILED, failed.code().name(), now, statistics);
    } else {
      throw new IllegalStateException("an end of an unknown kind: " + event);
    }
  }

  private static void requireTokens(Completed event, SimulatedRequest request) {
    if (event.outputTokens() != request.tokens()) {
      throw new IllegalStateException(
          "%s, but %d tokens were drawn".formatted(event, request.tokens()));
    }
  }

  private void check() {
    if (settings.checked()) {
      scheduler.checkInvariants();
    }
  }

  // ---- faults --------------------------------------------------------------------------------

  private static RuntimeException fault() {
    return new IllegalStateException("a simulated fault");
  }

  private void fail(long now, Statistics statistics) {
    statistics.failures++;
    restartNanos = faults.failNow(now);
    if (plan != null) {
      take(scheduler.runnerFailed(finishPlan(), fault(), now), now, statistics);
    }
    take(scheduler.failAll(ErrorCode.API, "the device failed", now), now, statistics);
    while (!nextBatch.isEmpty()) {
      tryElsewhere(nextBatch.removeFirst(), Outcome.FAILED, "API", now, statistics);
    }
    requireEmpty();
  }

  /** Its memory is gone: nothing of the old scheduler is of use. */
  private void restart(long now) {
    restartNanos = NEVER;
    scheduler = freshScheduler();
    faults.restarted(now);
  }

  /**
   * Checks that nothing is left behind.
   *
   * @throws IllegalStateException that says what is
   */
  void requireEmpty() {
    scheduler.checkInvariants();
    EngineGauges gauges = scheduler.gauges();
    if (slots.size() + gauges.running() + gauges.waiting() > 0 || gauges.blocksInUse() > 0) {
      throw new IllegalStateException(
          "%d requests, %d blocks in use: %s"
              .formatted(slots.size(), gauges.blocksInUse(), gauges));
    }
  }
}

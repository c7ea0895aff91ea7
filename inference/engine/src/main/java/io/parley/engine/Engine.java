package io.parley.engine;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler, a runner and maybe a drafter, one step at a time. Not thread-safe: one thread owns
 * it.
 *
 * <p>Runner and drafter may fail as they like: that ends the sequences of the step and no others.
 */
public final class Engine {
  private final Scheduler scheduler;
  private final ModelRunner runner;
  private final @Nullable Drafter drafter;
  private final TimeSource time;

  /** An engine without a draft model. */
  public Engine(Scheduler scheduler, ModelRunner runner, TimeSource time) {
    this(scheduler, runner, null, time);
  }

  public Engine(
      Scheduler scheduler, ModelRunner runner, @Nullable Drafter drafter, TimeSource time) {
    this.scheduler = scheduler;
    this.runner = runner;
    this.drafter = drafter;
    this.time = time;
  }

  /**
   * Puts a sequence into the queue; see {@link Scheduler#submit}.
   *
   * @throws ParleyException INVALID_REQUEST if it can never run, OVERLOADED if the queue is full
   */
  public void submit(long id, SequenceRequest request) {
    scheduler.submit(id, request, time.nanoTime());
  }

  /** Ends a sequence in the next step and frees its blocks. Does nothing if there is none. */
  public void cancel(long id) {
    scheduler.cancel(id);
  }

  /** Whether a step would do nothing. */
  public boolean isIdle() {
    return scheduler.isIdle();
  }

  /**
   * Schedules, runs, updates.
   *
   * @return what happened since the last step, in order
   * @throws InvariantBreach if the scheduler can no longer be trusted
   */
  public List<EngineEvent> step() {
    StepPlan plan = scheduler.schedule(time.nanoTime());
    List<EngineEvent> events = run(plan);
    scheduler.checkSums();
    return events;
  }

  private List<EngineEvent> run(StepPlan scheduled) {
    if (scheduled.isEmpty()) {
      return scheduler.update(scheduled, StepResult.EMPTY, time.nanoTime());
    }
    StepPlan plan = scheduled;
    StepResult result;
    try {
      plan = withDrafts(scheduled);
      result = runner.run(plan);
    } catch (RuntimeException e) {
      return scheduler.runnerFailed(plan, e, time.nanoTime());
    }
    return scheduler.update(plan, result, time.nanoTime());
  }

  private StepPlan withDrafts(StepPlan plan) {
    return drafter == null ? plan : plan.with(drafter.draft(plan));
  }

  /** Ends every sequence; returns what happened since the last step, in order. */
  public List<EngineEvent> failAll(ErrorCode code, String message) {
    return scheduler.failAll(code, message, time.nanoTime());
  }

  public EngineGauges gauges() {
    return scheduler.gauges();
  }
}

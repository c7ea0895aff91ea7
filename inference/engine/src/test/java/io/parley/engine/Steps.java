package io.parley.engine;

import io.parley.engine.EngineEvent.Ended;
import io.parley.engine.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Drives a scheduler with a model that says one letter for ever, and checks it at every step. */
final class Steps {
  static final TinyVocabulary VOCABULARY = new TinyVocabulary();
  private static final int A = VOCABULARY.token("a");

  final Scheduler scheduler;
  final List<EngineEvent> events = new ArrayList<>();
  long now;

  Steps(EngineLimits limits) {
    this(limits, TokenCost.DEFAULT);
  }

  Steps(EngineLimits limits, TokenCost cost) {
    this(new Scheduler(limits, VOCABULARY, SchedulerOptions.PLAIN.with(cost)));
  }

  Steps(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  static SchedulingTerms terms(String organisation, PriorityClass priority) {
    return new SchedulingTerms(
        organisation, 1, Integer.MAX_VALUE, priority, SchedulingTerms.NO_TIME_LIMIT);
  }

  void submit(long id, int promptTokens, int maxTokens, SchedulingTerms terms) {
    scheduler.submit(id, request(promptTokens, maxTokens, terms), now);
  }

  static SequenceRequest request(int promptTokens, int maxTokens, SchedulingTerms terms) {
    int[] prompt = new int[promptTokens];
    Arrays.fill(prompt, A);
    return new SequenceRequest(prompt, maxTokens, SamplingParameters.GREEDY, List.of(), terms);
  }

  /** Makes a step; returns how many tokens of which sequence it computed. */
  Map<Long, Integer> step() {
    StepPlan plan = scheduler.schedule(now);
    scheduler.checkInvariants();
    update(plan);
    return tokens(plan);
  }

  /** Takes in what the model says. */
  void update(StepPlan plan) {
    events.addAll(scheduler.update(plan, saying(plan), now));
    scheduler.checkInvariants();
  }

  static Map<Long, Integer> tokens(StepPlan plan) {
    Map<Long, Integer> tokens = new TreeMap<>();
    plan.sequences().forEach(part -> tokens.put(part.sequenceId(), part.tokens().length));
    return tokens;
  }

  private static StepResult saying(StepPlan plan) {
    float[] logits = new float[plan.rows() * VOCABULARY.size()];
    for (int row = 0; row < plan.rows(); row++) {
      logits[row * VOCABULARY.size() + A] = 1;
    }
    return new StepResult(logits, plan.rows(), VOCABULARY.size());
  }

  void untilIdle() {
    while (!scheduler.isIdle()) {
      step();
    }
  }

  boolean hasWritten(long id) {
    return events.stream()
        .anyMatch(event -> event instanceof EngineEvent.Text && event.sequenceId() == id);
  }

  /** The sequences that ended, in order. */
  List<Long> ended() {
    return events.stream().filter(Ended.class::isInstance).map(EngineEvent::sequenceId).toList();
  }
}

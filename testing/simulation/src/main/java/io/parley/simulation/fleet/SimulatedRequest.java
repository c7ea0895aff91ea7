package io.parley.simulation.fleet;

import io.parley.engine.SchedulingTerms;
import io.parley.engine.SequenceRequest;
import io.parley.engine.sampling.SamplingParameters;
import io.parley.simulation.trace.Arrival;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the fleet: at any time in exactly one place, until it has its one
 * outcome.
 */
final class SimulatedRequest {
  private static final long NEVER = -1;

  private final Arrival arrival;
  private int attempts;
  private int tokens;
  private long firstTokenNanos = NEVER;
  private long lastTokenNanos = NEVER;
  private @Nullable Outcome outcome;

  SimulatedRequest(Arrival arrival) {
    this.arrival = arrival;
  }

  Arrival arrival() {
    return arrival;
  }

  int attempts() {
    return attempts;
  }

  /** A replica takes it. */
  void attempt() {
    attempts++;
  }

  /** As the engine is asked for it, on the terms of its tenant. */
  SequenceRequest toSequence(SchedulingTerms terms) {
    return new SequenceRequest(
        arrival.prompt(), arrival.maxTokens(), SamplingParameters.GREEDY, List.of(), terms);
  }

  int lengthAtEndOfTurn() {
    return arrival.promptTokens() + arrival.outputTokens();
  }

  int tokens() {
    return tokens;
  }

  boolean hasTokens() {
    return tokens > 0;
  }

  /** It draws its first token. */
  void firstToken(long nowNanos) {
    firstTokenNanos = nowNanos;
  }

  /** How many tokens it has drawn, and when the last of them. */
  void drew(int count, long lastNanos) {
    tokens = count;
    lastTokenNanos = lastNanos;
  }

  long ttftNanos() {
    return firstTokenNanos - arrival.atNanos();
  }

  /** Mean time between its tokens; 0 if it has one only. */
  long meanGapNanos() {
    return tokens < 2 ? 0 : (lastTokenNanos - firstTokenNanos) / (tokens - 1);
  }

  /** Its one outcome. */
  void end(Outcome how) {
    if (outcome != null) {
      throw new IllegalStateException(
          "request %d was %s and is %s now".formatted(arrival.number(), outcome, how));
    }
    outcome = how;
  }
}

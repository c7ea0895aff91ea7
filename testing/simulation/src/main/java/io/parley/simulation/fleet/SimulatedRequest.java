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
  private boolean left;
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

  /** As the engine is asked for it; {@code nowNanos} counts against its time limit. */
  SequenceRequest toSequence(Sharing sharing, long nowNanos) {
    long limit = arrival.timeLimitNanos();
    long left = limit == Long.MAX_VALUE ? limit : limit - (nowNanos - arrival.atNanos());
    SchedulingTerms standard = SchedulingTerms.of(organisation(sharing));
    return new SequenceRequest(
        arrival.prompt(),
        arrival.maxTokens(),
        SamplingParameters.GREEDY,
        List.of(),
        new SchedulingTerms(
            standard.organisation(),
            standard.weight(),
            standard.maxRunning(),
            standard.priority(),
            Math.max(1, left)));
  }

  private String organisation(Sharing sharing) {
    return sharing == Sharing.FAIR ? "tenant-" + arrival.tenant() : "everybody";
  }

  int lengthAtEndOfTurn() {
    return arrival.promptTokens() + arrival.outputTokens();
  }

  /** Its client goes away; its engine is told. */
  void leave() {
    left = true;
  }

  boolean hasLeft() {
    return left;
  }

  int tokens() {
    return tokens;
  }

  boolean hasTokens() {
    return tokens > 0;
  }

  /** Takes a token; returns the time since the one before, in nanoseconds, or −1 for the first. */
  long token(long nowNanos) {
    long gap = tokens == 0 ? NEVER : nowNanos - lastTokenNanos;
    if (tokens == 0) {
      firstTokenNanos = nowNanos;
    }
    tokens++;
    lastTokenNanos = nowNanos;
    return gap;
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

package io.parley.safety;

import io.parley.common.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an {@link OutputGate} and its look-ahead window before every answer. The one way to an
 * {@link OutputScreen}. Thread-safe.
 */
public final class OutputGuard {
  private static final Logger log = LoggerFactory.getLogger(OutputGuard.class);
  private static final OutputGate.Check CLOSED = new Closed();

  private final OutputGate gate;
  private final GateLimits limits;
  private final TimeSource time;
  private final Auditor auditor;

  public OutputGuard(OutputGate gate, GateLimits limits, TimeSource time, Auditor auditor) {
    this.gate = gate;
    this.limits = limits;
    this.time = time;
    this.auditor = auditor;
  }

  /** Begins to screen one answer. A gate that throws here halts the answer at its first piece. */
  public OutputScreen open(GateContext context) {
    return new OutputScreen(context, check(context), limits, time, auditor);
  }

  private OutputGate.Check check(GateContext context) {
    try {
      return gate.open(context);
    } catch (RuntimeException e) {
      Refusals.failed(log, context, e);
      return CLOSED;
    }
  }

  /** Refuses everything, in the place of a check that could not be opened. */
  private static final class Closed implements OutputGate.Check {
    @Override
    public GateDecision next(String text) {
      return new GateDecision.Refuse(Refusal.GATE_FAILED);
    }

    @Override
    public GateDecision end() {
      return new GateDecision.Refuse(Refusal.GATE_FAILED);
    }

    @Override
    public int undecidedChars() {
      return 0;
    }
  }
}

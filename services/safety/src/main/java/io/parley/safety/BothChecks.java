package io.parley.safety;

/** Two checks of one answer. */
record BothChecks(OutputGate.Check first, OutputGate.Check second) implements OutputGate.Check {
  @Override
  public GateDecision next(String text) {
    return GateDecision.both(first.next(text), second.next(text));
  }

  @Override
  public GateDecision end() {
    return GateDecision.both(first.end(), second.end());
  }

  @Override
  public int undecidedChars() {
    return Math.max(first.undecidedChars(), second.undecidedChars());
  }
}
